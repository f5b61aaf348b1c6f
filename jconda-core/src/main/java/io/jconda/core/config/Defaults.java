package io.jconda.core.config;

import java.util.EnumMap;
import java.util.Map;

/** Says what counts where no source says anything, for people who ask. */
final class Defaults {
  static final String CHANNEL_ALIAS = "https://conda.anaconda.org";

  private static final Map<Key, String> TEXTS = new EnumMap<>(Key.class);

  static {
    TEXTS.put(Key.CHANNELS, "[conda-forge]");
    TEXTS.put(Key.DEFAULT_CHANNELS, "[pkgs/main, pkgs/r], and pkgs/msys2 for Windows");
    TEXTS.put(Key.CHANNEL_ALIAS, CHANNEL_ALIAS);
    TEXTS.put(Key.CUSTOM_CHANNELS, "{pkgs: https://repo.anaconda.com}");
    TEXTS.put(Key.CHANNEL_PRIORITY, "strict");
    TEXTS.put(Key.ADD_PIP_AS_PYTHON_DEPENDENCY, "true");
    TEXTS.put(Key.LOCAL_REPODATA_TTL, "true");
    TEXTS.put(Key.REPODATA_USE_ZST, "true");
    TEXTS.put(Key.REPODATA_USE_SHARDS, "true");
    TEXTS.put(Key.USE_SHARDED_REPODATA, "true");
    TEXTS.put(Key.SSL_VERIFY, "true");
  }

  private Defaults() {}

  static String shown(Key key) {
    return TEXTS.getOrDefault(
        key,
        switch (key.shape()) {
          case TRUTH -> "false";
          case LIST, SPECS, FOLDERS -> "[]";
          case MAP, MAP_OF_LISTS -> "{}";
          default -> "not set";
        });
  }
}
