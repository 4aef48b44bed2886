using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Up;

/// <summary><c>schemastream up</c> as a process: what scripts rely on.</summary>
public sealed class UpCommandTests : IDisposable
{
    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Ready_MeansThatBothServe()
    {
        await using var stack = await StackProcess.StartAsync(_data.Path);
        using var http = new HttpClient();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stack.BootstrapServers }).Build();

        (await http.GetStringAsync($"{stack.RegistryUrl}/subjects")).ShouldBe("[]");
        var broker = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers.ShouldHaveSingleItem();
        $"{broker.Host}:{broker.Port}".ShouldBe(stack.BootstrapServers);
        stack.BootstrapServers.ShouldStartWith("127.0.0.1:");
        stack.RegistryUrl.ShouldStartWith("http://127.0.0.1:");
        (await stack.StopAsync()).ShouldBe(0, stack.Log);
    }

    [Fact]
    public async Task Settings_ReachTheBroker()
    {
        await using var stack = await StackProcess.StartAsync(_data.Path, "--set", "num.partitions=5", "--set", "log.retention.ms=3600000");
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = stack.BootstrapServers }).Build();
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();

        await producer.ProduceAsync("made-by-use", new Message<Null, string> { Value = "one" });

        admin.GetMetadata("made-by-use", TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count.ShouldBe(5);
        (await stack.StopAsync()).ShouldBe(0, stack.Log);
    }

    [Fact]
    public async Task RegistrySettings_ReachTheRegistry_TheCommandLineBeforeTheFile()
    {
        var file = Path.Combine(_data.Path, "registry.properties");
        await File.WriteAllTextAsync(file, "schema.compatibility.level=FULL\nmode.mutability=false\n");
        await using var stack = await StackProcess.StartAsync(
            _data.Path, "--registry-config", file, "--registry-set", "schema.compatibility.level=FORWARD");
        using var http = new HttpClient();

        (await http.GetStringAsync($"{stack.RegistryUrl}/config")).ShouldContain("FORWARD");
        using var mode = await http.PutAsJsonAsync($"{stack.RegistryUrl}/mode", new { mode = "READONLY" });
        mode.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await stack.StopAsync()).ShouldBe(0, stack.Log);
    }

    [Theory]
    [InlineData("--registry-set", "no.such.key=1", "--registry-set: the registry has no setting 'no.such.key'")]
    [InlineData("--registry-set", "contracts.implicit=perhaps", "contracts.implicit")]
    [InlineData("--registry-set", "schemastream.data.dir=elsewhere", "--data-dir")]
    [InlineData("--registry-set", "novalue", "--registry-set novalue: expected KEY=VALUE")]
    [InlineData("--set", "contracts.implicit=off", "The registry has such a setting: --registry-set contracts.implicit=VALUE")]
    [InlineData("--registry-config", "/nowhere/registry.properties", "--registry-config")]
    public async Task RegistrySetting_ThatIsWrong_IsToldWhoseItIs(string option, string value, string told)
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => StackProcess.StartAsync(_data.Path, option, value));

        failure.Message.ShouldContain(told);
        failure.Message.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("no.such.key=1", "no.such.key")]
    [InlineData("num.partitions=many", "num.partitions")]
    [InlineData("novalue", "KEY=VALUE")]
    public async Task Setting_ThatIsWrong_IsNamed(string setting, string named)
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => StackProcess.StartAsync(_data.Path, "--set", setting));

        failure.Message.ShouldContain(named);
        failure.Message.ShouldNotContain("   at "); // a sentence, not a stack trace
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Directory_ThatMayNotBeMade_IsNamed(string brokers)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const string forbidden = "/sys/schemastream"; // to root as well
        var (exitCode, _, errors) = await ProgramProcess.RunAsync(
            "up", "--brokers", brokers, "--data-dir", forbidden, "--kafka-port", "0", "--registry-port", "0", "--no-environment");

        exitCode.ShouldBe(1);
        errors.ShouldContain(forbidden);
        errors.ShouldNotContain("   at "); // a sentence, not a stack trace
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("65536")]
    [InlineData("-1")]
    public async Task Port_ThatIsNone_IsNamed(string port)
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => StackProcess.StartAsync(_data.Path, "--registry-port", port));

        failure.Message.ShouldContain($"--registry-port {port}: expected a port");
        failure.Message.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsNamed_AndNothingIsLeftRunning()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        foreach (var option in new[] { "--kafka-port", "--registry-port" })
        {
            var failure = await Should.ThrowAsync<InvalidOperationException>(
                () => StackProcess.StartAsync(_data.Path, option, $"{port}"));

            failure.Message.ShouldContain($"{port}");
            failure.Message.ShouldContain($"{option} PORT");
            failure.Message.ShouldNotContain("   at ");
        }
    }

    [Fact]
    public async Task DataDirectory_InUse_IsRefused()
    {
        await using var first = await StackProcess.StartAsync(_data.Path);

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => StackProcess.StartAsync(_data.Path));

        failure.Message.ShouldContain(_data.Path);
        failure.Message.ShouldNotContain("   at ");
        var port = first.BootstrapServers.Split(':')[1];
        var again = await Should.ThrowAsync<InvalidOperationException>(() => StackProcess.StartAsync(_data.Path, "--kafka-port", port));
        again.Message.ShouldContain($"{Path.Combine(_data.Path, "broker")} is in use by another process");
    }

    [Fact]
    public async Task KillNine_LosesNothingThatWasAcknowledged()
    {
        const int rounds = 3;
        const int perRound = 500;
        var acknowledged = new HashSet<string>();
        for (var round = 0; round < rounds; round++)
        {
            await using var stack = await StackProcess.StartAsync(_data.Path);
            await RegisterAsync(stack, round);
            using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
            {
                BootstrapServers = stack.BootstrapServers, Acks = Acks.All, EnableIdempotence = true, LingerMs = 0,
            }).Build();
            var sent = Enumerable.Range(0, perRound).Select(i => producer.ProduceAsync("kept", new Message<Null, string> { Value = $"{round}/{i}" }));
            foreach (var report in await Task.WhenAll(sent))
            {
                acknowledged.Add(report.Value).ShouldBeTrue();
            }

            await stack.KillAsync();
        }

        await using var last = await StackProcess.StartAsync(_data.Path);
        ReadAll(last, rounds * perRound).ShouldBe(acknowledged.Order(StringComparer.Ordinal));
        using var http = new HttpClient();
        (await http.GetFromJsonAsync<string[]>($"{last.RegistryUrl}/subjects"))!.Length.ShouldBe(rounds);
        (await last.StopAsync()).ShouldBe(0, last.Log);
    }

    [Fact]
    public async Task MetadataLog_WithATornTail_IsCutAndSaysSo()
    {
        await using (var stack = await StackProcess.StartAsync(_data.Path))
        {
            using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = stack.BootstrapServers }).Build();
            await producer.ProduceAsync("still-there", new Message<Null, string> { Value = "one" });
            await stack.KillAsync();
        }

        var log = Directory.EnumerateFiles(_data.Path, "00000000000000000000.log", SearchOption.AllDirectories)
            .Single(file => file.Contains("__cluster_metadata-0", StringComparison.Ordinal));
        await File.AppendAllBytesAsync(log, new byte[100]); // a length that was made room for, and never written

        await using var next = await StackProcess.StartAsync(_data.Path);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = next.BootstrapServers }).Build();
        admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.ShouldContain(topic => topic.Topic == "still-there");
        (await next.StopAsync()).ShouldBe(0);
        next.Log.ShouldContain("__cluster_metadata-0 was repaired");
    }

    private static async Task RegisterAsync(StackProcess stack, int round)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync($"{stack.RegistryUrl}/subjects/round-{round}-value/versions", new { schema = "\"string\"" });

        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32().ShouldBe(1, "the same schema keeps its id");
    }

    private static List<string> ReadAll(StackProcess stack, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = stack.BootstrapServers, GroupId = "reader", EnablePartitionEof = true,
        }).Build();
        consumer.Assign(new TopicPartitionOffset("kept", 0, Offset.Beginning));
        var values = new List<string>(count);
        for (var offset = 0; ; offset++)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull("no record and no end within 30 s");
            if (result.IsPartitionEOF)
            {
                return [.. values.Order(StringComparer.Ordinal)];
            }

            result.Offset.Value.ShouldBe(offset);
            values.Add(result.Message.Value);
        }
    }
}
