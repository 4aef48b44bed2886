using System.Text.Json;
using SchemaStream.Interop.Tests.Matrix;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>kcat (librdkafka 2.0), <see cref="KcatScenarios"/>: what its user types works.</summary>
public sealed class KcatTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    /// <summary>kcat neither administers nor ends a transaction as it is told.</summary>
    public static TheoryData<string> Rows() => ScenarioMatrix.Without("admin", "transactions");

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Scenario_EndsAsWithAnyClient(string scenario)
    {
        var client = new KcatScenarios(fixture.Stack.BootstrapServers, ScenarioMatrix.TopicOf("kcat", scenario));
        ScenarioMatrix.ShouldBeAsWithAnyClient(scenario, await client.RunAsync(scenario));
    }

    [Fact]
    public async Task List_NamesBrokerTopicAndPartitions()
    {
        await ExternalTool.RunAsync("kcat", ["-b", fixture.Stack.BootstrapServers, "-P", "-t", "kcat-listed"], "one\n");

        var listed = JsonDocument.Parse(
            await ExternalTool.RunAsync("kcat", ["-b", fixture.Stack.BootstrapServers, "-L", "-J", "-t", "kcat-listed"])).RootElement;

        listed.GetProperty("brokers")[0].GetProperty("name").GetString().ShouldBe(fixture.Stack.BootstrapServers);
        var topic = listed.GetProperty("topics")[0];
        topic.GetProperty("topic").GetString().ShouldBe("kcat-listed");
        topic.GetProperty("partitions").GetArrayLength().ShouldBe(3);
    }
}
