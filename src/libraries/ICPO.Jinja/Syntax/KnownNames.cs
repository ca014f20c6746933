namespace ICPO.Jinja.Syntax;

/// <summary>The names of filters and tests that a template may use; using another one is a syntax error, as in Jinja2.</summary>
internal sealed record KnownNames(Func<string, bool> IsFilter, Func<string, bool> IsTest);
