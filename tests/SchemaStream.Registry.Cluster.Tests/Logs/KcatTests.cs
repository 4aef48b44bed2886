using System.Diagnostics;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Logs;

public sealed class KcatTests
{
    [Fact]
    public async Task Topic_ReadByKcat_HasConfluentsLayout()
    {
        await using var broker = await TestBroker.StartAsync();
        await using (var registry = await Instance.StartAsync(broker.BootstrapServers))
        {
            (await registry.RegisterAsync("a-value", "\"string\"")).Status.ShouldBe(200);
            (await registry.SendAsync(HttpMethod.Put, "/config/a-value", """{"compatibility":"FULL"}""")).Status.ShouldBe(200);
            (await registry.SendAsync(HttpMethod.Delete, "/config/a-value")).Status.ShouldBe(200);
        }

        var start = new ProcessStartInfo("kcat") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-C", "-b", broker.BootstrapServers, "-t", "_schemas", "-p", "0", "-o", "beginning", "-e", "-q", "-f", "%p %o %k %S %s\n" })
        {
            start.ArgumentList.Add(argument);
        }

        using var kcat = Process.Start(start)!;
        var output = await kcat.StandardOutput.ReadToEndAsync().WaitAsync(TestTime.Limit);
        await kcat.WaitForExitAsync().WaitAsync(TestTime.Limit);

        output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd()).ShouldBe(
        [
            """0 0 {"keytype":"NOOP","magic":0} -1""",
            """0 1 {"keytype":"SCHEMA","subject":"a-value","version":1,"magic":1} 98 {"subject":"a-value","version":1,"id":1,"schemaType":"AVRO","schema":"\"string\"","deleted":false}""",
            """0 2 {"keytype":"CONFIG","subject":"a-value","magic":0} 49 {"subject":"a-value","compatibilityLevel":"FULL"}""",
            """0 3 {"keytype":"CONFIG","subject":"a-value","magic":0} -1""",
        ]);
        kcat.ExitCode.ShouldBe(0);
    }
}
