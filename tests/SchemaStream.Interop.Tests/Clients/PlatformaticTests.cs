using SchemaStream.Interop.Tests.Matrix;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>@platformatic/kafka 1.35, <c>node/platformatic_client.mjs</c>: the newest versions of every API, seen from code of its own.</summary>
public sealed class PlatformaticTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private const string Script = "platformatic_client.mjs";

    /// <summary>Its zstd comes with Node 22; the last four are shown by five clients already.</summary>
    public static TheoryData<string> Rows() => ScenarioMatrix.Without("compression-zstd", "seek", "resume", "group", "transactions");

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Scenario_EndsAsWithAnyClient(string scenario) => ScenarioMatrix.ShouldBeAsWithAnyClient(
        scenario, await Node.RunAsync(Script, scenario, fixture.Stack.BootstrapServers, ScenarioMatrix.TopicOf("platformatic", scenario)));

    [Fact]
    public async Task ClientQuotas_AreSetToldAndRemoved_AndLogDirectoriesTold()
    {
        var outcome = await Node.RunAsync(Script, "extras", fixture.Stack.BootstrapServers, "platformatic-extras");

        outcome.GetProperty("quota").GetDouble().ShouldBe(1048576);
        outcome.GetProperty("afterRemoval").GetInt32().ShouldBe(0);
        outcome.GetProperty("partitions").GetInt32().ShouldBe(2);
        outcome.GetProperty("hasBytes").GetBoolean().ShouldBeTrue();
    }
}
