using System.Runtime.CompilerServices;
using System.Text;
using SchemaStream.Registry.Configuration;
using SchemaStream.Registry.Observation;

namespace SchemaStream.Registry.Tests.Documentation;

/// <summary>The tables of the page on the registry are those of the program. With SCHEMASTREAM_APPROVE=1 the tests write them.</summary>
public sealed class RegistryTablesTests
{
    private const string Approve = "SCHEMASTREAM_APPROVE";
    private const string End = "<!-- end -->";

    private static readonly string PagePath = Path.Combine(Root(), "docs", "registry.md");

    private static readonly Lock Writing = new();

    [Fact]
    public void Metrics_AreAllThereAre()
    {
        var table = new StringBuilder("| metric | on the page | kind | unit | tags | meaning |\n|---|---|---|---|---|---|\n");
        foreach (var metric in RegistryMetric.All)
        {
            table.Append($"| `{metric.Name}` | `{metric.PageName}` | {metric.Kind.ToString().ToLowerInvariant()} | {metric.Unit} ")
                .Append($"| {string.Join(", ", metric.Tags.Select(tag => $"`{tag}`"))} | {Cell(metric.Description)} |\n");
        }

        ShouldHave("<!-- metrics -->", table.ToString());
    }

    [Fact]
    public void Settings_AreAllThereAre()
    {
        var table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        foreach (var setting in RegistrySettingDefinitions.All.Values.OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            table.Append($"| `{setting.Name}` | {(setting.Default.Length > 0 ? $"`{setting.Default}`" : "")} | {Cell(setting.Documentation)} |\n");
        }

        ShouldHave("<!-- settings -->", table.ToString());
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static void ShouldHave(string marker, string expected)
    {
        lock (Writing)
        {
            var page = File.ReadAllText(PagePath);
            var start = page.IndexOf(marker, StringComparison.Ordinal) + marker.Length + 1;
            var end = page.IndexOf(End, start, StringComparison.Ordinal);
            if (Environment.GetEnvironmentVariable(Approve) == "1")
            {
                File.WriteAllText(PagePath, page[..start] + expected + page[end..]);
                return;
            }

            page[start..end].ShouldBe(expected, $"docs/registry.md is behind: run this test with {Approve}=1");
        }
    }

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
