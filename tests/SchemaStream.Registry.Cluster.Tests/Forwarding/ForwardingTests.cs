using System.Net.Sockets;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Forwarding;

public sealed class ForwardingTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Write_AtAFollower_IsReadThereAtOnce()
    {
        await using var first = await Instance.StartAsync(_broker.BootstrapServers);
        (await first.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        await using var second = await Instance.StartAsync(_broker.BootstrapServers);

        for (var i = 0; i < 20; i++)
        {
            var (status, body) = await second.RegisterAsync($"s{i}-value", Avro.Record($"R{i}"));
            status.ShouldBe(200, body.ToString());
            var id = body.GetProperty("id").GetInt32();
            id.ShouldBe(i + 2);
            (await second.GetAsync($"/schemas/ids/{id}")).Status.ShouldBe(200, "who writes here reads here");
        }

        (await first.LeadsAsync()).ShouldBeTrue();
        (await second.LeadsAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Refusal_OfTheLeader_ComesAsTheLeaderGaveIt()
    {
        await using var first = await Instance.StartAsync(_broker.BootstrapServers);
        (await first.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        await using var second = await Instance.StartAsync(_broker.BootstrapServers);

        var (status, body) = await second.SendAsync(HttpMethod.Delete, "/subjects/none%2Fsuch");

        status.ShouldBe(404);
        body.GetProperty("error_code").GetInt32().ShouldBe(40401);
        body.GetProperty("message").GetString()!.ShouldContain("none/such");
    }

    [Fact]
    public async Task Write_ThatWasForwardedAlready_IsNotForwardedAgain()
    {
        await using var first = await Instance.StartAsync(_broker.BootstrapServers);
        (await first.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        await using var second = await Instance.StartAsync(_broker.BootstrapServers);

        var (status, body) = await second.SendAsync(
            HttpMethod.Put, "/config", """{"compatibility":"FULL"}""", ("X-Forward", "true"));

        status.ShouldBe(500);
        body.GetProperty("error_code").GetInt32().ShouldBe(50004);
    }

    [Fact]
    public async Task Write_WhoseTargetIsAWholeAddress_IsForwardedToTheLeaderAllTheSame()
    {
        await using var first = await Instance.StartAsync(_broker.BootstrapServers);
        (await first.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        await using var second = await Instance.StartAsync(_broker.BootstrapServers);
        using var proxy = new TcpClient();
        await proxy.ConnectAsync("127.0.0.1", second.Host.BaseAddress.Port);

        // As a proxy writes it; the host in it is nobody whom an instance would ask.
        await proxy.GetStream().WriteAsync("DELETE http://elsewhere.invalid/subjects/none HTTP/1.1\r\nHost: elsewhere.invalid\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var answer = new StreamReader(proxy.GetStream());

        (await answer.ReadToEndAsync()).ShouldContain("40401");
    }

    [Fact]
    public async Task Leader_ThatLeaves_IsReplacedAtOnce()
    {
        var first = await Instance.StartAsync(_broker.BootstrapServers);
        (await first.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        await using var second = await Instance.StartAsync(_broker.BootstrapServers);
        (await second.RegisterAsync("b-value", Avro.Record("B"))).Status.ShouldBe(200);

        await first.DisposeAsync();

        var (status, body) = await Eventually.GetAsync(
            () => second.RegisterAsync("c-value", Avro.Record("C")), answer => answer.Status == 200, "the second leads");
        body.GetProperty("id").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task InstanceThatMayNotLead_WithoutOthers_SaysThatNobodyLeads()
    {
        await using var only = await Instance.StartAsync(
            _broker.BootstrapServers, store => store with
            {
                Eligibility = LeaderEligibility.Ineligible,
                LeaderTimeout = TimeSpan.FromMilliseconds(100),
            });

        var (status, body) = await only.RegisterAsync("a-value", Avro.Record("A"));

        status.ShouldBe(500);
        body.GetProperty("error_code").GetInt32().ShouldBe(50004);
    }
}
