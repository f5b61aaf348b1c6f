/** What a user of JConda programs against: conda as a Java library. */
module io.jconda {
  requires static transitive org.jspecify;
  requires static org.junit.jupiter.api;

  exports io.jconda;
  exports io.jconda.build;
  exports io.jconda.cache;
  exports io.jconda.file;
  exports io.jconda.junit;
  exports io.jconda.process;
  exports io.jconda.progress;
  exports io.jconda.query;
  exports io.jconda.solve;
  exports io.jconda.spec;
  exports io.jconda.spi;

  uses io.jconda.spi.CondaProvider;
}
