from jconda_sentiment import analyse

for text in ["I love how easy this is.", "This is awful and slow."]:
    print(text, analyse(text))
