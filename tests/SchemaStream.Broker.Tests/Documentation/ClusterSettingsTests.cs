using System.Runtime.CompilerServices;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;

namespace SchemaStream.Broker.Tests.Documentation;

/// <summary>The settings that the page on clusters gives one node of three.</summary>
public sealed class ClusterSettingsTests
{
    [Fact]
    public void Settings_OfThePage_MakeANodeOfThree()
    {
        const string fence = "```properties";
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "clusters.md"));
        var start = page.IndexOf('\n', page.IndexOf(fence, StringComparison.Ordinal)) + 1; // behind what the block is marked with
        var settings = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];

        var node = NodeConfiguration.From(BrokerOptions.FromFile(BrokerConfigFile.Parse("clusters.md", settings)));

        (node.NodeId, node.IsBroker, node.IsController, node.Rack).ShouldBe((1, true, true, "a"));
        node.Voters.Keys.ShouldBe([1, 2, 3]);
        node.ControllerListener.ShouldNotBeNull().Port.ShouldBe(node.Voters[1].Port);
        node.ClusterId.ShouldNotBeNull().Length.ShouldBe(22);
    }

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
