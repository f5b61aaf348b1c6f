package io.jconda.core.config;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Is the table of keys that mean something to a library, with conda's types, separators and other
 * names (conda: {@code base/context.py}). A variable's name is the key's in capitals behind {@code
 * CONDA_} or {@code JCONDA_}, a system property's the key behind {@code jconda.}.
 */
enum Key {
  CHANNELS("channels", Shape.LIST, Expansion.YES, "channel"),
  DEFAULT_CHANNELS("default_channels", Shape.LIST, Expansion.YES),
  CHANNEL_ALIAS("channel_alias", Shape.TEXT, Expansion.YES),
  MIGRATED_CHANNEL_ALIASES("migrated_channel_aliases", Shape.LIST, Expansion.NO),
  CUSTOM_CHANNELS("custom_channels", Shape.MAP, Expansion.YES),
  CUSTOM_MULTICHANNELS("custom_multichannels", Shape.MAP_OF_LISTS, Expansion.YES),
  ALLOWLIST_CHANNELS("allowlist_channels", Shape.LIST, Expansion.YES, "whitelist_channels"),
  DENYLIST_CHANNELS("denylist_channels", Shape.LIST, Expansion.YES),
  MIRRORED_CHANNELS("mirrored_channels", Shape.MAP_OF_LISTS, Expansion.YES),
  CHANNEL_PRIORITY("channel_priority", Shape.PRIORITY, Expansion.NO),
  PKGS_DIRS("pkgs_dirs", Shape.LIST, Expansion.YES),
  ENVS_DIRS("envs_dirs", Shape.FOLDERS, Expansion.YES, "envs_path"),
  SUBDIR("subdir", Shape.TEXT, Expansion.NO),
  SUBDIRS("subdirs", Shape.LIST, Expansion.NO),
  PINNED_PACKAGES("pinned_packages", Shape.SPECS, Expansion.NO),
  DISALLOWED_PACKAGES("disallowed_packages", Shape.SPECS, Expansion.NO, "disallow"),
  ADD_PIP_AS_PYTHON_DEPENDENCY("add_pip_as_python_dependency", Shape.TRUTH, Expansion.NO),
  ALWAYS_COPY("always_copy", Shape.TRUTH, Expansion.NO, "copy"),
  ALWAYS_SOFTLINK("always_softlink", Shape.TRUTH, Expansion.NO, "softlink"),
  ALLOW_SOFTLINKS("allow_softlinks", Shape.TRUTH, Expansion.NO),
  OFFLINE("offline", Shape.TRUTH, Expansion.NO),
  LOCAL_REPODATA_TTL("local_repodata_ttl", Shape.LIFETIME, Expansion.NO),
  REPODATA_USE_ZST("repodata_use_zst", Shape.TRUTH, Expansion.NO),
  // mamba's name for it is no other name to conda: a file for both may have both
  REPODATA_USE_SHARDS("repodata_use_shards", Shape.TRUTH, Expansion.NO),
  USE_SHARDED_REPODATA("use_sharded_repodata", Shape.TRUTH, Expansion.NO),
  USE_ONLY_TAR_BZ2("use_only_tar_bz2", Shape.TRUTH, Expansion.NO),
  PROXY_SERVERS("proxy_servers", Shape.MAP, Expansion.YES),
  SSL_VERIFY("ssl_verify", Shape.TRUTH_OR_TEXT, Expansion.YES, "verify_ssl"),
  CLIENT_SSL_CERT("client_ssl_cert", Shape.TEXT_OR_NONE, Expansion.YES, "client_cert"),
  CLIENT_SSL_CERT_KEY("client_ssl_cert_key", Shape.TEXT_OR_NONE, Expansion.YES, "client_cert_key"),
  REMOTE_CONNECT_TIMEOUT_SECS("remote_connect_timeout_secs", Shape.SECONDS, Expansion.NO),
  REMOTE_READ_TIMEOUT_SECS("remote_read_timeout_secs", Shape.SECONDS, Expansion.NO),
  REMOTE_MAX_RETRIES("remote_max_retries", Shape.COUNT, Expansion.NO),
  REMOTE_BACKOFF_FACTOR("remote_backoff_factor", Shape.SECONDS, Expansion.NO),
  DEFAULT_THREADS("default_threads", Shape.COUNT, Expansion.NO),
  FETCH_THREADS("fetch_threads", Shape.COUNT, Expansion.NO),
  REPODATA_THREADS("repodata_threads", Shape.COUNT, Expansion.NO);

  /** Tells whether variables in a value are replaced. */
  enum Expansion {
    YES,
    NO
  }

  /** Is what a value looks like. */
  enum Shape {
    TEXT("a text"),
    TEXT_OR_NONE("a text"),
    TRUTH("true or false"),
    TRUTH_OR_TEXT("true, false, 'truststore' or the path of a file"),
    COUNT("a whole number, zero or more"),
    SECONDS("a number, zero or more"),
    LIFETIME("true, false or a number of seconds"),
    PRIORITY("strict, flexible, disabled, true or false"),
    LIST("a list of texts"),
    SPECS("a list of match specs"),
    FOLDERS("a list of folders"),
    MAP("a map of names and texts"),
    MAP_OF_LISTS("a map of names and lists");

    private final String form;

    Shape(String form) {
      this.form = form;
    }

    /** Returns what to write, for people. */
    String form() {
      return form;
    }

    boolean isList() {
      return this == LIST || this == SPECS || this == FOLDERS;
    }

    boolean isMap() {
      return this == MAP || this == MAP_OF_LISTS;
    }

    /** Returns what stands between elements in a variable; specs hold commas, paths colons. */
    String separator() {
      return switch (this) {
        case SPECS -> "&";
        case FOLDERS -> File.pathSeparator;
        default -> ",";
      };
    }
  }

  /**
   * What conda and mamba read beside: matters of a shell, a terminal, a package builder or another
   * solver, which no library has. A key that is in neither table may be a slip of the pen.
   */
  private static final Set<String> OF_OTHERS =
      Set.of(
          ("add_anaconda_token add_binstar_token aggressive_update_packages allow_conda_downgrades"
                  + " allow_cycles allow_downgrade allow_non_channel_urls always_yes"
                  + " anaconda_upload auto_activate auto_activate_base auto_stack"
                  + " auto_update_conda binstar_upload bld_path channel_settings changeps1 clobber"
                  + " compile_pyc conda-build conda_build console cooldown cooldown_exclude"
                  + " create_default_packages croot debug default_activation_env default_python"
                  + " deps_modifier dev download_only download_threads dry_run"
                  + " enable_private_envs env_prompt env_spec environment_specifier"
                  + " envvars_force_uppercase error_upload_url exclude_newer"
                  + " exclude_newer_package execute_threads experimental experimental_solver"
                  + " export_platforms extra_platforms extra_safety_checks extract_threads force"
                  + " force_32bit force_reinstall force_remove ignore_pinned json list_fields"
                  + " lock_timeout migrated_custom_channels no_lock no_plugins non_admin_enabled"
                  + " notify_outdated_conda number_channel_notices override_channels_enabled"
                  + " override_virtual_packages path_conflict pip_interop_enabled plugins"
                  + " prefix_data_interoperability preview protect_frozen_envs quiet"
                  + " register_envs repodata_fns repodata_has_zst repodata_shards_threads"
                  + " repodata_shards_ttl report_errors rollback_enabled root_dir root_prefix"
                  + " safety_checks sat_solver self_update separate_format_cache"
                  + " shell_completion shortcuts shortcuts_only show_channel_urls"
                  + " signing_metadata_url_base solver solver_ignore_timestamps ssl_no_revoke"
                  + " target_prefix_override trace track_features trusted_channels"
                  + " unsatisfiable_hints unsatisfiable_hints_check_depth update_modifier"
                  + " use_index_cache use_local use_lockfiles verbose verbosity verify_artifacts"
                  + " verify_threads virtual_packages yes")
              .split(" "));

  private static final Map<String, Key> BY_NAME = new HashMap<>();

  static {
    for (Key key : values()) {
      for (String name : key.names()) {
        BY_NAME.put(name, key);
      }
    }
  }

  private final String id;
  private final String others;
  private final Shape shape;
  private final boolean expands;

  Key(String name, Shape shape, Expansion expansion, String... others) {
    this.id = name;
    this.others = String.join(" ", others);
    this.shape = shape;
    this.expands = expansion == Expansion.YES;
  }

  /** Finds a key by any of its names. */
  static Optional<Key> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Tells whether a name is a key that means nothing here, and is none to wonder about. */
  static boolean isOfOthers(String name) {
    return OF_OTHERS.contains(name);
  }

  String id() {
    return id;
  }

  /** Returns all names, the proper one first. */
  List<String> names() {
    return List.of((id + " " + others).strip().split(" "));
  }

  Shape shape() {
    return shape;
  }

  boolean expands() {
    return expands;
  }

  /** Returns a name as variables have it, without what stands before it. */
  static String variable(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
