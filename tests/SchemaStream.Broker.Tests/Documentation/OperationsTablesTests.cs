using System.Text;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Runtime.Observation;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Documentation;

/// <summary>
/// The tables of the page on operations are those of the program. With SCHEMASTREAM_APPROVE=1 the tests write them.
/// </summary>
public sealed class OperationsTablesTests
{
    [Fact]
    public void Metrics_AreAllThereAre() => DocsPage.ShouldHave("operations.md", "<!-- metrics -->", Metrics());

    [Fact]
    public void Settings_AreAllThereAre() => DocsPage.ShouldHave("operations.md", "<!-- settings -->", Settings());

    /// <summary>The only block of that page that is no command.</summary>
    [Fact]
    public void NodeFile_OfThePageOnClusters_IsRead()
    {
        var text = MarkdownBlock.Of("docs/clusters.md").Single(block => block.Language == "properties").Text;

        var node = NodeConfigurationReader.Read(BrokerOptions.FromFile(BrokerConfigFile.Parse("broker.properties", text)));

        node.NodeId.ShouldBe(1);
        node.Rack.ShouldBe("a");
        node.ControllerListener.ShouldNotBeNull();
    }

    private static string Metrics()
    {
        var table = new StringBuilder("| metric | kind | unit | tags | meaning |\n|---|---|---|---|---|\n");
        foreach (var metric in BrokerMetrics.All)
        {
            table.Append($"| `{metric.Name}` | {metric.Kind.ToString().ToLowerInvariant()} | {metric.Unit} ")
                .Append($"| {string.Join(", ", metric.Tags.Select(tag => $"`{tag}`"))} | {DocsPage.Cell(metric.Description)} |\n");
        }

        return table.ToString();
    }

    private static string Settings()
    {
        var table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        foreach (var setting in BrokerSettingDefinitions.All.Values.OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            table.Append($"| `{setting.Name}` | {Default(setting)} | {DocsPage.Cell(setting.Documentation)} |\n");
        }

        return table.ToString();
    }

    private static string Default(BrokerSettingDefinition setting) => setting.Name switch
    {
        BrokerSettingNames.Lanes => "one a processor, at least 2",
        _ when setting.DefaultValue is { Length: > 0 } value => $"`{value}`",
        _ => "",
    };
}
