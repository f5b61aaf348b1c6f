package io.jconda.core.link;

import io.jconda.core.link.PrefixRewrite.Form;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rewrites the strings of a binary while it passes by: those in UTF-8, in which nearly all are.
 * Tells which are left, in other encodings or longer than what is in memory at a time. For one file
 * and one thread.
 */
final class PassingStrings {
  private final List<Form> forms;
  private final Form plain;
  private final int longest;
  private final byte[] window;

  /** For each form, from where on it is not rewritten; negative if nothing is left of it. */
  private final long[] leftFrom;

  /** How much of the window was passed on already, and stays to be seen with what comes next. */
  private int passed;

  private int filled;
  private long passedInAll;

  /**
   * @param forms of the placeholder, UTF-8 first
   * @param piece how much is in memory at a time
   */
  PassingStrings(List<Form> forms, int piece) {
    this.forms = forms;
    this.plain = forms.get(0);
    int most = 0;
    for (Form form : forms) {
      most = Math.max(most, form.placeholder.length());
    }
    this.longest = most;
    this.window = new byte[most + piece];
    this.leftFrom = new long[forms.size()];
    Arrays.fill(leftFrom, -1);
  }

  /**
   * Is what was not rewritten.
   *
   * @param form in which form
   * @param from where it begins at the earliest
   */
  record Left(Form form, long from) {}

  /** Returns what is left, in the order in which whole files are rewritten. */
  List<Left> left() {
    List<Left> left = new ArrayList<>();
    for (int i = 0; i < leftFrom.length; i++) {
      if (leftFrom[i] >= 0) {
        left.add(new Left(forms.get(i), leftFrom[i]));
      }
    }
    return left;
  }

  /** Copies all that comes. */
  void copy(InputStream in, OutputStream out) throws IOException {
    boolean more = true;
    while (more) {
      int n = in.read(window, filled, window.length - filled);
      more = n >= 0;
      filled += Math.max(0, n);
      int settled = rewrite(!more);
      out.write(window, passed, settled - passed);
      passedInAll += settled - passed;
      lookForOthers(settled);
      // an occurrence may span the end of what was passed on
      int begin = Math.max(0, settled - longest);
      System.arraycopy(window, begin, window, 0, filled - begin);
      passed = settled - begin;
      filled -= begin;
    }
  }

  /** Rewrites the strings that are there with their ends; returns up to where all is settled. */
  private int rewrite(boolean last) {
    int from = passed;
    while (leftFrom[0] < 0) {
      int start = plain.placeholder.in(window, filled, from);
      if (start < 0) {
        int begun = filled - plain.placeholder.length() + 1;
        return last ? filled : Math.max(from, begun);
      }
      int behind = start + plain.placeholder.length();
      int nul = PrefixRewrite.indexOf(window, filled, plain.nul, behind);
      if (nul >= 0) {
        from = nul + plain.nul.length;
        PrefixRewrite.replaceString(window, start, from, plain);
      } else if (last) {
        // no string of C's: conda leaves it alone
        return filled;
      } else if (start > longest || filled < window.length) {
        return start;
      } else {
        leftFrom[0] = passedInAll + start - passed;
      }
    }
    return filled;
  }

  private void lookForOthers(int settled) {
    for (int i = 1; i < leftFrom.length; i++) {
      if (leftFrom[i] < 0 && forms.get(i).placeholder.in(window, settled, 0) >= 0) {
        leftFrom[i] = 0;
      }
    }
  }
}
