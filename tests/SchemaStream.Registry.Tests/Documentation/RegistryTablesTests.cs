using System.Text;
using SchemaStream.Registry.Configuration;
using SchemaStream.Registry.Observation;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Tests.Documentation;

/// <summary>The tables of the page on the registry are those of the program. With SCHEMASTREAM_APPROVE=1 the tests write them.</summary>
public sealed class RegistryTablesTests
{
    [Fact]
    public void Metrics_AreAllThereAre()
    {
        var table = new StringBuilder("| metric | on the page | kind | unit | tags | meaning |\n|---|---|---|---|---|---|\n");
        foreach (var metric in RegistryMetric.All)
        {
            table.Append($"| `{metric.Name}` | `{metric.PageName}` | {metric.Kind.ToString().ToLowerInvariant()} | {metric.Unit} ")
                .Append($"| {string.Join(", ", metric.Tags.Select(tag => $"`{tag}`"))} | {DocsPage.Cell(metric.Description)} |\n");
        }

        DocsPage.ShouldHave("registry.md", "<!-- metrics -->", table.ToString());
    }

    [Fact]
    public void Settings_AreAllThereAre()
    {
        var table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        foreach (var setting in RegistrySettingDefinitions.All.Values.OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            table.Append($"| `{setting.Name}` | {(setting.Default.Length > 0 ? $"`{setting.Default}`" : "")} | {DocsPage.Cell(setting.Documentation)} |\n");
        }

        DocsPage.ShouldHave("registry.md", "<!-- settings -->", table.ToString());
    }
}
