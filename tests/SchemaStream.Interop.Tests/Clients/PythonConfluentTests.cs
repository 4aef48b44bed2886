using SchemaStream.Interop.Tests.Matrix;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>Debian's python3-confluent-kafka (librdkafka 2.0), <c>python/confluent_client.py</c>.</summary>
public sealed class PythonConfluentTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    public static TheoryData<string> Rows() => ScenarioMatrix.Without();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Scenario_EndsAsWithAnyClient(string scenario) => ScenarioMatrix.ShouldBeAsWithAnyClient(
        scenario, await Python.RunAsync("confluent_client.py", [scenario, fixture.Stack.BootstrapServers, ScenarioMatrix.TopicOf("python-confluent", scenario)]));
}
