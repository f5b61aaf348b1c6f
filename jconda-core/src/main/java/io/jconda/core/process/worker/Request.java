package io.jconda.core.process.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Is what a worker is asked: writes its part of the message. */
@FunctionalInterface
interface Request {
  void write(ValueWriter out) throws IOException;

  static Request call(String function, List<?> arguments, Map<String, ?> keywords) {
    return out -> {
      out.json().writeStringField("op", "call");
      out.json().writeStringField("function", function);
      arguments(out, arguments, keywords);
    };
  }

  /** Calls a method of an object, or the object itself if the name of the method is empty. */
  static Request method(
      CoreObject object, String method, List<?> arguments, Map<String, ?> keywords) {
    return out -> {
      out.json().writeStringField("op", "call");
      out.json().writeFieldName("function");
      out.write(object);
      if (!method.isEmpty()) {
        out.json().writeStringField("method", method);
      }
      arguments(out, arguments, keywords);
    };
  }

  private static void arguments(ValueWriter out, List<?> arguments, Map<String, ?> keywords)
      throws IOException {
    out.json().writeFieldName("arguments");
    out.list(arguments);
    if (!keywords.isEmpty()) {
      out.json().writeFieldName("keywords");
      out.named(keywords);
    }
  }

  /** Brings an attribute of an object, or the object itself if the name is empty. */
  static Request get(CoreObject object, String attribute) {
    return out -> {
      out.json().writeStringField("op", "get");
      out.json().writeFieldName("object");
      out.write(object);
      if (!attribute.isEmpty()) {
        out.json().writeStringField("attribute", attribute);
      }
    };
  }

  static Request eval(String expression, Map<String, ?> inputs) {
    return code("eval", expression.strip(), inputs);
  }

  static Request exec(String code, Map<String, ?> inputs) {
    return code("exec", code, inputs);
  }

  private static Request code(String operation, String code, Map<String, ?> inputs) {
    return out -> {
      out.json().writeStringField("op", operation);
      out.json().writeStringField("code", code);
      if (!inputs.isEmpty()) {
        out.json().writeFieldName("inputs");
        out.named(inputs);
      }
    };
  }

  static Request cancel(long call) {
    return out -> {
      out.json().writeStringField("op", "cancel");
      out.json().writeNumberField("id", call);
    };
  }

  static Request free(long object) {
    return out -> {
      out.json().writeStringField("op", "free");
      out.json().writeArrayFieldStart("ids");
      out.json().writeNumber(object);
      out.json().writeEndArray();
    };
  }

  static Request load(Path script, String name) {
    return out -> {
      out.json().writeStringField("op", "load");
      out.json().writeStringField("path", script.toString());
      out.json().writeStringField("name", name);
    };
  }
}
