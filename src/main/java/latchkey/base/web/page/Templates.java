package latchkey.base.web.page;

import java.util.List;
import latchkey.base.language.Catalogue;
import latchkey.base.language.Translation;
import org.jboss.logging.Logger;

/// Fills the templates of pages. What an admin laid over the built-in ones is read as a whole,
/// checked as a whole and put in place as a whole; until it is read again nothing on a disk
/// matters.
public final class Templates {
  private static final Logger LOG = Logger.getLogger(Templates.class);

  private final TemplateSource source;
  private final List<PageSamples> rooms;
  private volatile TemplateSet set;
  private volatile String fingerprint;

  private Templates(TemplateSource source, List<PageSamples> rooms) throws UnusableTemplates {
    this.source = source;
    this.rooms = List.copyOf(rooms);
    this.fingerprint = TemplateFolder.fingerprint(source.folders());
    this.set = read();
  }

  /// @param rooms whose pages have to be shown with them
  /// @throws UnusableTemplates if one of them cannot
  public static Templates load(TemplateSource source, List<PageSamples> rooms)
      throws UnusableTemplates {
    return new Templates(source, rooms);
  }

  public Catalogue catalogue() {
    return current().catalogue();
  }

  /// The page in its language.
  public String render(Page page) {
    return current().render(page);
  }

  /// Reads everything again. What cannot be used changes nothing, and the log says why.
  public synchronized void reload() {
    try {
      set = read();
      LOG.info("templates and translations were read again");
    } catch (UnusableTemplates e) {
      e.faults().forEach(fault -> LOG.errorf("the pages stay as they were: %s", fault));
    }
  }

  /// The letter as plain text.
  public String renderText(Letter letter) {
    return current().renderText(letter);
  }

  private TemplateSet current() {
    if (source.live()) {
      reloadIfChanged();
    }
    return set;
  }

  private synchronized void reloadIfChanged() {
    var now = TemplateFolder.fingerprint(source.folders());
    if (!now.equals(fingerprint)) {
      fingerprint = now;
      reload();
    }
  }

  private TemplateSet read() throws UnusableTemplates {
    var read = TemplateSet.read(source);
    if (!read.laidOver().isEmpty()) {
      var found = read.examine(read.samples(rooms, Templates::frame));
      if (!found.faults().isEmpty()) {
        throw new UnusableTemplates(
            found.faults().stream().map(TemplateFault::toString).toList(), null);
      }
      found.unused().forEach(file -> LOG.warnf("%s: no page uses this template", file));
      LOG.infof("templates from %s: %s", source.templates(), String.join(", ", read.laidOver()));
    }
    read.remarks().forEach(LOG::warn);
    return read;
  }

  /// Any will do to see whether a template can be filled.
  static Frame frame(Translation translation) {
    var site = "https://example.com/";
    return new Frame(translation, "Example", "/", site + "privacy", site + "terms", "Example Ltd");
  }
}
