package io.jconda.process;

/** Names the shells that an activation can be written for. */
public enum Shell {
  /** Bash, and any other shell that keeps to POSIX. */
  BASH(".sh"),
  /** Zsh. */
  ZSH(".sh"),
  /** Fish, version 3 or newer. */
  FISH(".fish"),
  /** The command prompt of Windows. */
  CMD(".bat"),
  /** PowerShell, on any system. */
  POWERSHELL(".ps1");

  private final String scriptEnding;

  Shell(String scriptEnding) {
    this.scriptEnding = scriptEnding;
  }

  /** Returns how the names of the {@code activate.d} scripts end that this shell runs. */
  public String scriptEnding() {
    return scriptEnding;
  }
}
