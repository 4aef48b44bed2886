using SchemaStream.Interop.Tests.Matrix;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>kafkajs 2.2, <c>node/kafkajs_client.js</c>.</summary>
public sealed class KafkaJsTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    public static TheoryData<string> Rows() => ScenarioMatrix.Without();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Scenario_EndsAsWithAnyClient(string scenario) => ScenarioMatrix.ShouldBeAsWithAnyClient(
        scenario, await Node.RunAsync("kafkajs_client.js", scenario, fixture.Stack.BootstrapServers, ScenarioMatrix.TopicOf("kafkajs", scenario)));
}
