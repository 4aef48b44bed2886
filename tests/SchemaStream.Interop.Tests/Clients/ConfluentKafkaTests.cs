using SchemaStream.Interop.Tests.Matrix;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>Confluent.Kafka on librdkafka 2.15.1, <see cref="ConfluentKafkaScenarios"/>.</summary>
public sealed class ConfluentKafkaTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    public static TheoryData<string> Rows() => ScenarioMatrix.Without();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Scenario_EndsAsWithAnyClient(string scenario)
    {
        var client = new ConfluentKafkaScenarios(fixture.Stack.BootstrapServers, ScenarioMatrix.TopicOf("confluent-kafka", scenario));
        ScenarioMatrix.ShouldBeAsWithAnyClient(scenario, await client.RunAsync(scenario));
    }
}
