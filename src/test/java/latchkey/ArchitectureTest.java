package latchkey;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The walls of the house. Each rule was seen to fail once, by a deliberate breach.
class ArchitectureTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("latchkey");

  /// From left to right; things between two bars do not know each other.
  private static final List<List<String>> THINGS =
      List.of(
          List.of("audit"),
          List.of("client", "user", "homeserver"),
          List.of("upstream", "policy"),
          List.of("session"),
          List.of("grant", "notice"),
          List.of("token"),
          List.of("lifecycle"));

  @Test
  void A1_ground_knows_no_feature_and_things_know_no_room() {
    noClasses()
        .that()
        .resideInAPackage("latchkey.base..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("latchkey.domain..", "latchkey.endpoint..", "latchkey.cli..")
        .because("the ground carries everything and leans on nothing")
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage("latchkey.domain..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("latchkey.endpoint..", "latchkey.cli..")
        .because("data flows from HTTP through use cases to the domain, never back")
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage("latchkey.endpoint..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("latchkey.cli..")
        .because("nobody leans on the command line")
        .check(HOUSE);
  }

  @Test
  void A2_no_room_leans_on_another() {
    for (var rooms :
        List.of(
            "latchkey.endpoint.(*)..",
            "latchkey.endpoint.oauth2.(*)..",
            "latchkey.endpoint.admin.(*)..")) {
      slices()
          .matching(rooms)
          .should()
          .notDependOnEachOther()
          .because("rows and URLs carry the state from room to room")
          .allowEmptyShould(true)
          .check(HOUSE);
    }
  }

  @Test
  void A3_no_packages_lean_on_each_other_in_a_circle() {
    slices()
        .matching("latchkey.(**)")
        .should()
        .beFreeOfCycles()
        .because("a circle is one package that lies about its size")
        .check(HOUSE);
  }

  @Test
  void A4_things_lean_only_to_their_left() {
    for (int i = 0; i < THINGS.size(); i++) {
      for (int j = i; j < THINGS.size(); j++) {
        for (var left : THINGS.get(i)) {
          for (var right : THINGS.get(j)) {
            if (!left.equals(right) && !(i == j && isNeighbourOf(left, right))) {
              forbid(left, right);
            }
          }
        }
      }
    }
  }

  /// `client`, `user` and `homeserver` stand between the same two bars, but users have to be told
  /// to a homeserver.
  private static boolean isNeighbourOf(String left, String right) {
    return left.equals("user") && right.equals("homeserver");
  }

  private static void forbid(String from, String to) {
    noClasses()
        .that()
        .resideInAPackage("latchkey.domain." + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("latchkey.domain." + to + "..")
        .because("things lean only to their left: " + THINGS)
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @Test
  void A5_http_stays_in_resources_and_pages_in_rooms() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Resource")
        .and()
        .resideOutsideOfPackage("latchkey.base.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.ws.rs..")
        .because("a use case can be called by two rooms only if it knows no HTTP")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "latchkey.endpoint..",
            "latchkey.base.web..",
            "latchkey.base.mail..",
            "latchkey.cli.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.quarkus.qute..")
        .because("what people see is made in rooms")
        .check(HOUSE);
  }

  @Test
  void A6_queries_stay_in_repositories() {
    noClasses()
        .that(isNoRepository())
        .and()
        .resideOutsideOfPackages(
            "latchkey.base.job..", "latchkey.base.database..", "latchkey.cli..")
        .should()
        .dependOnClassesThat(areForQueries())
        .because("SQL is found in one place per table")
        .check(HOUSE);
    classes()
        .that()
        .areAnnotatedWith("jakarta.persistence.Entity")
        .should()
        .resideInAnyPackage("latchkey.domain..", "latchkey.base.job..")
        .because("tables belong to things")
        .check(HOUSE);
  }

  private static DescribedPredicate<JavaClass> isNoRepository() {
    return DescribedPredicate.describe(
        "are no repositories", type -> !topLevel(type).getSimpleName().endsWith("Repository"));
  }

  private static DescribedPredicate<JavaClass> areForQueries() {
    return DescribedPredicate.describe(
        "query the database",
        type ->
            type.getPackageName().startsWith("io.quarkus.hibernate.orm.panache")
                || type.isAssignableTo("jakarta.persistence.EntityManager")
                || type.isAssignableTo("jakarta.persistence.Query")
                || type.isAssignableTo("java.sql.Statement")
                || type.isAssignableTo("java.sql.Connection")
                || type.isAssignableTo("javax.sql.DataSource"));
  }

  private static JavaClass topLevel(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::topLevel).orElse(type);
  }

  @Test
  void A7_a_resource_sees_records_only() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Resource")
        .should()
        .dependOnClassesThat()
        .haveSimpleNameEndingWith("Repository")
        .orShould()
        .dependOnClassesThat()
        .areAnnotatedWith("jakarta.persistence.Entity")
        .because("a resource is HTTP and nothing else")
        .check(HOUSE);
  }

  @Test
  void A8_transactions_begin_at_use_cases() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Resource")
        .or()
        .haveSimpleNameEndingWith("Repository")
        .or()
        .resideInAPackage("latchkey.base.web..")
        .should(beTransactional())
        .because("one use case, one transaction")
        .check(HOUSE);
  }

  private static ArchCondition<JavaClass> beTransactional() {
    return new ArchCondition<>("be transactional") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean transactional =
            type.isAnnotatedWith("jakarta.transaction.Transactional")
                || type.getMethods().stream()
                    .anyMatch(
                        method -> method.isAnnotatedWith("jakarta.transaction.Transactional"));
        events.add(new SimpleConditionEvent(type, transactional, type.getName()));
      }
    };
  }

  @Test
  void A9_nimbus_stays_behind_its_doors() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "latchkey.base.crypto..",
            "latchkey.base.oauth..",
            "latchkey.domain.client..",
            "latchkey.domain.token..",
            "latchkey.domain.upstream..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .because("a library is easier to replace behind one door")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("latchkey.base.crypto..")
        .should(showNimbus())
        .because("a library in a public signature is everywhere")
        .check(HOUSE);
  }

  private static ArchCondition<JavaClass> showNimbus() {
    return new ArchCondition<>("show a Nimbus type in a public signature") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaMethod method : type.getMethods()) {
          boolean shows =
              method.getModifiers().contains(JavaModifier.PUBLIC)
                  && method.getAllInvolvedRawTypes().stream()
                      .anyMatch(involved -> involved.getPackageName().startsWith("com.nimbusds"));
          events.add(new SimpleConditionEvent(method, shows, method.getFullName()));
        }
      }
    };
  }

  @Test
  void A10_time_and_chance_come_from_one_place() {
    noClasses()
        .that()
        .resideOutsideOfPackage("latchkey.base.system..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.Clock.class, "systemUTC")
        .orShould()
        .callMethod(java.time.Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callConstructor(java.security.SecureRandom.class)
        .because("a test must be able to move time and to know chance")
        .check(HOUSE);
  }

  @Test
  void A11_nothing_is_injected_into_fields_and_nothing_static_changes() {
    noFields()
        .should()
        .beAnnotatedWith("jakarta.inject.Inject")
        .because("a constructor shows what a class needs")
        .check(HOUSE);
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage("latchkey.base.config..")
        .should()
        .beFinal()
        .because("state that anybody can change is nobody's")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("latchkey.base.web..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo("jakarta.ws.rs.WebApplicationException")
        .because("problems have one family, and one mapper")
        .check(HOUSE);
  }

  /// The only page of a room that answers programs.
  private static final String COMPLETE_SSO = "/complete-compat-sso/";

  /// A room of several doors: what comes next names the class.
  private static final String ACCOUNT = "/account/";

  /// Providers speak to it; what else lies below `/upstream` is for people.
  private static final String BACKCHANNEL_LOGOUT = "/upstream/backchannel-logout";

  @Test
  void A12_a_url_says_where_its_code_is() {
    classes()
        .that()
        .areAnnotatedWith("jakarta.ws.rs.Path")
        .should(sayWhereTheyAre())
        .because("from a URL to its code in thirty seconds")
        .check(HOUSE);
  }

  private static ArchCondition<JavaClass> sayWhereTheyAre() {
    return new ArchCondition<>("stand in the package their path names") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var path =
            type.getAnnotationOfType("jakarta.ws.rs.Path").get("value").orElse("").toString();
        var expected = "latchkey.endpoint." + room(path);
        boolean right =
            type.getPackageName().equals(expected)
                && type.getSimpleName()
                    .equals(
                        path.startsWith(COMPLETE_SSO)
                            ? "CompleteCompatSsoResource"
                            : path.startsWith(BACKCHANNEL_LOGOUT)
                                ? "BackchannelLogoutResource"
                                : name(
                                    path.startsWith(ACCOUNT)
                                        ? path.substring(ACCOUNT.length())
                                        : expected));
        events.add(
            new SimpleConditionEvent(
                type, right, path + " belongs into " + expected + ", not " + type.getName()));
      }
    };
  }

  private static String room(String path) {
    var segments = path.replaceFirst("^/", "").split("/", -1);
    var first = segments[0].replaceAll("[^a-z0-9]", "");
    return switch (first) {
      case "" -> "site";
      case "matrix", "completecompatsso" -> "matrix";
      case "oauth2" ->
          "oauth2." + segments[1].replaceAll("\\.json$", "").replaceAll("[^a-z0-9]", "");
      default -> first;
    };
  }

  /// The last word of a package, or a segment of a path with hyphens in it.
  private static String name(String place) {
    var name = new StringBuilder();
    for (var word : place.substring(place.lastIndexOf('.') + 1).split("-", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name + "Resource";
  }
}
