from transformers import pipeline

analyse = pipeline("sentiment-analysis")
for text in ["I love how easy this is.", "This is awful and slow."]:
    print(text, analyse(text))
