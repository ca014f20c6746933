namespace ICPO.Jinja.Values;

/// <summary>Text that counts as escaped: what is joined to it is escaped first.</summary>
internal sealed record Markup(string Value);
