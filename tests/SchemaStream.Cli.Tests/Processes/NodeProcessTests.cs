using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Tests.Processes;

public sealed class NodeProcessTests
{
    [Theory]
    [InlineData("/opt/schemastream broker --config /data/broker-1/broker.properties", true)]
    [InlineData("/opt/schemastream broker --log-level Debug --config /data/broker-1/broker.properties --stop-with-stdin", true)]
    [InlineData("dotnet schemastream.dll broker --config=/data/broker-1/broker.properties", true)]
    [InlineData("/opt/schemastream broker --config broker-1/broker.properties", true)]
    [InlineData("/opt/schemastream broker --config /data/broker-2/broker.properties", false)]
    [InlineData("/opt/schemastream recover-quorum --config /data/broker-1/broker.properties", false)]
    [InlineData("vi /data/broker-1/broker.properties", false)]
    [InlineData("", false)]
    public void Process_IsANode_ByItsCommandLine(string commandLine, bool isNode) =>
        NodeProcess.IsNode(commandLine.Split(' '), "/data/broker-1/broker.properties", "/data").ShouldBe(isNode);

    [Fact]
    public void Process_OfThisTest_IsNoNode() => NodeProcess.Runs(Environment.ProcessId, "/data/broker-1/broker.properties").ShouldBeFalse();

    [Fact]
    public void Ports_AreDifferentAndBelowThoseOfOutgoingConnections()
    {
        var ports = FreePorts.Take(20, System.Net.IPAddress.Loopback);
        ports.Distinct().Count().ShouldBe(20);
        ports.ShouldAllBe(port => port >= 20_000 && port < 32_000);
    }
}
