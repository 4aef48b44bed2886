using SchemaStream.Interop.Tests.Matrix;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>Debian's python3-kafka (kafka-python 2.0), <c>python/kafka_python_client.py</c>.</summary>
public sealed class PythonKafkaTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    /// <summary>kafka-python came to idempotence and transactions only with 2.1.</summary>
    public static TheoryData<string> Rows() => ScenarioMatrix.Without("idempotent", "transactions");

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Scenario_EndsAsWithAnyClient(string scenario) => ScenarioMatrix.ShouldBeAsWithAnyClient(
        scenario, await Python.RunAsync("kafka_python_client.py", [scenario, fixture.Stack.BootstrapServers, ScenarioMatrix.TopicOf("python-kafka", scenario)]));
}
