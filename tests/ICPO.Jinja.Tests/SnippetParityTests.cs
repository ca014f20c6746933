using System.Text.Json.Nodes;

namespace ICPO.Jinja.Tests;

/// <summary>Against the renderings of Jinja2. Fixture rows are recognized by their keys, in any file.</summary>
public sealed class SnippetParityTests
{
    [Fact]
    public void Snippets_of_Jinja_render_as_in_Jinja2()
    {
        (int rows, List<string>? failures) = (0, new List<string>());
        foreach (JsonObject row in FixtureRows.Read(Fixtures.Require("templates"), "template", "context"))
        {
            rows++;
            string? expected = row["result"]?.GetValue<string>();
            try
            {
                string actual = JinjaTemplate.Parse(row["template"]!.GetValue<string>()).Render(Variables(row)).Text;
                if (actual != expected)
                {
                    failures.Add($"{row["id"]}: {actual}\n  not {expected ?? "an error"}");
                }
            }
            catch (TemplateException e)
            {
                if (expected is not null)
                {
                    failures.Add($"{row["id"]}: {e.Message}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Fixtures.Count(rows, 0, "all rows");
    }

    private static IEnumerable<KeyValuePair<string, object?>> Variables(JsonObject row) =>
        row["context"]!.AsObject().Select(v => KeyValuePair.Create(v.Key, (object?)v.Value));
}
