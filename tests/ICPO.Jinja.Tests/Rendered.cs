namespace ICPO.Jinja.Tests;

/// <summary>Renders short templates.</summary>
internal static class Rendered
{
    /// <summary>The text of a template that knows the variable "given", at noon of a fixed day.</summary>
    public static string Text(string template) =>
        JinjaTemplate.Parse(template).Render([KeyValuePair.Create("given", (object?)"outside")], new Noon()).Text;

    private sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 9, 5, 12, 0, 0, TimeSpan.Zero);
    }
}
