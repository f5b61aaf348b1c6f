/** Does the work of JConda; nobody imports from it. */
module io.jconda.core {
  requires io.jconda;
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires com.github.luben.zstd_jni;
  requires okhttp3;
  requires org.apache.commons.compress;
  requires org.slf4j;
  requires org.yaml.snakeyaml;

  provides io.jconda.spi.CondaProvider with
      io.jconda.core.client.CoreProvider;
}
