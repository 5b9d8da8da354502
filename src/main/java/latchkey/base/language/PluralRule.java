package latchkey.base.language;

import java.util.Locale;
import java.util.Set;

/// Which form of a text goes with a whole number: the cardinal rules of CLDR, as far as whole
/// numbers need them, for the languages of `pages.md` 14 and the right-to-left ones that have rules
/// of their own.
enum PluralRule {
  /// English, German and most others.
  ONE_AND_MORE {
    @Override
    Category of(long n) {
      return n == 1 ? Category.ONE : Category.OTHER;
    }
  },
  /// Chinese.
  ALL_ALIKE {
    @Override
    Category of(long n) {
      return Category.OTHER;
    }
  },
  FRENCH {
    @Override
    Category of(long n) {
      return n < 2 ? Category.ONE : millions(n);
    }
  },
  /// As in Portugal; Brazil counts like France.
  PORTUGUESE {
    @Override
    Category of(long n) {
      return n == 1 ? Category.ONE : millions(n);
    }
  },
  CZECH {
    @Override
    Category of(long n) {
      return n == 1 ? Category.ONE : n >= 2 && n <= 4 ? Category.FEW : Category.OTHER;
    }
  },
  POLISH {
    @Override
    Category of(long n) {
      return n == 1 ? Category.ONE : endsInTwoToFour(n) ? Category.FEW : Category.MANY;
    }
  },
  RUSSIAN {
    @Override
    Category of(long n) {
      boolean one = n % 10 == 1 && n % 100 != 11;
      return one ? Category.ONE : endsInTwoToFour(n) ? Category.FEW : Category.MANY;
    }
  },
  ARABIC {
    @Override
    Category of(long n) {
      long rest = n % 100;
      if (n <= 2) {
        return n == 0 ? Category.ZERO : n == 1 ? Category.ONE : Category.TWO;
      } else if (rest >= 3 && rest <= 10) {
        return Category.FEW;
      }
      return rest >= 11 ? Category.MANY : Category.OTHER;
    }
  },
  HEBREW {
    @Override
    Category of(long n) {
      return n == 1 ? Category.ONE : n == 2 ? Category.TWO : Category.OTHER;
    }
  };

  /// The categories of CLDR; every text has at least `OTHER`.
  enum Category {
    ZERO,
    ONE,
    TWO,
    FEW,
    MANY,
    OTHER;

    static final Set<String> NAMES = Set.of("zero", "one", "two", "few", "many", "other");

    static Category named(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  abstract Category of(long n);

  static PluralRule of(Locale locale) {
    return switch (locale.getLanguage()) {
      case "zh", "ja", "ko", "vi", "th", "id" -> ALL_ALIKE;
      case "fr" -> FRENCH;
      case "pt" -> locale.getCountry().equals("BR") ? FRENCH : PORTUGUESE;
      case "cs", "sk" -> CZECH;
      case "pl" -> POLISH;
      case "ru", "uk", "be" -> RUSSIAN;
      case "ar" -> ARABIC;
      case "he", "iw" -> HEBREW;
      default -> ONE_AND_MORE;
    };
  }

  private static Category millions(long n) {
    return n != 0 && n % 1_000_000 == 0 ? Category.MANY : Category.OTHER;
  }

  private static boolean endsInTwoToFour(long n) {
    return n % 10 >= 2 && n % 10 <= 4 && !(n % 100 >= 12 && n % 100 <= 14);
  }
}
