using System.Net;
using System.Text;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Forwarding;

/// <summary>A leader that is not ours: it joins the group as Confluent's does, and answers what is forwarded to it.</summary>
public sealed class ForeignLeaderTests : IAsyncLifetime
{
    private readonly HttpListener _http = new();
    private readonly int _port = FreePorts.TakeOne();
    private TestBroker _broker = null!;
    private KafkaConnection _member = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _member = await _broker.ConnectAsync();
        _http.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _http.Start();
    }

    public async Task DisposeAsync()
    {
        _http.Close();
        await _member.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Write_WhereConfluentLeads_GoesThereWithItsHeadersAndIsReadBackBeforeTheAnswer()
    {
        await using var ours = await StartAsync();
        await LeadAsync();

        var asked = ours.SendAsync(
            HttpMethod.Post,
            "/subjects/a%2Fb-value/versions?normalize=true",
            """{"schema":"\"int\""}""",
            ("Authorization", "Basic dTpw"), ("X-Request-ID", "r-1"), ("X-Team", "blue"), ("X-Secret", "not passed on"));
        var request = await TakeForwardedAsync();

        request.RawUrl.ShouldBe("/subjects/a%2Fb-value/versions?normalize=true");
        (await new StreamReader(request.Request.InputStream).ReadToEndAsync()).ShouldBe("""{"schema":"\"int\""}""");
        request.Request.ContentType.ShouldStartWith("application/vnd.schemaregistry.v1+json");
        request.Header("X-Forward").ShouldBe("true");
        request.Header("Authorization").ShouldBe("Basic dTpw");
        request.Header("X-Request-ID").ShouldBe("r-1");
        request.Header("X-Team").ShouldBe("blue");
        request.Header("X-Secret").ShouldBeNull();

        // The leader writes as Confluent does, and answers without a word on how far the log goes.
        await WriteAsync(
            """{"keytype":"SCHEMA","subject":"a/b-value","version":1,"magic":1}""",
            """{"subject":"a/b-value","version":1,"id":1,"schema":"\"int\"","deleted":false}""");
        await request.AnswerAsync(200, """{"id":1}""");

        var (status, body) = await asked;
        status.ShouldBe(200);
        body.GetProperty("id").GetInt32().ShouldBe(1);
        (await ours.GetAsync("/schemas/ids/1")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Write_WhereTheLeaderCannotBeReached_Is50003()
    {
        await using var ours = await StartAsync(store => store with { LeaderTimeout = TimeSpan.FromMilliseconds(300) });
        await LeadAsync();
        _http.Stop();

        var (status, body) = await ours.RegisterAsync("a-value", Avro.Record("A"));

        status.ShouldBe(500);
        body.GetProperty("error_code").GetInt32().ShouldBe(50003);
    }

    [Fact]
    public async Task Write_ThatTheLeaderDoesNotAnswer_Is50002()
    {
        await using var ours = await StartAsync(store => store with { ForwardTimeout = TimeSpan.FromMilliseconds(300) });
        await LeadAsync();

        var asked = ours.RegisterAsync("a-value", Avro.Record("A"));
        await TakeForwardedAsync();

        (await asked).Body.GetProperty("error_code").GetInt32().ShouldBe(50002);
    }

    private Task<Instance> StartAsync(Func<KafkaStoreOptions, KafkaStoreOptions>? change = null) => Instance.StartAsync(
        _broker.BootstrapServers,
        store => (change ?? (same => same))(store with
        {
            Eligibility = LeaderEligibility.Ineligible,
            ForwardedHeaders = ["X-Team"],
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
        }));

    /// <summary>Joins as a member that may lead, and stays one for as long as a test takes.</summary>
    private async Task LeadAsync()
    {
        await Eventually.GetAsync(
            () => _member.SendAsync(new DescribeGroupsRequest { Groups = ["schema-registry"] }, 1),
            answer => answer.Groups.Single().GroupState == "Stable",
            "ours is in the group");
        var identity =
            $$"""{"host":"127.0.0.1","port":{{_port}},"master_eligibility":true,"scheme":"http","version":1,"leader":false}""";
        var join = new JoinGroupRequest
        {
            GroupId = "schema-registry",
            SessionTimeoutMs = 60_000,
            RebalanceTimeoutMs = 60_000,
            MemberId = "",
            ProtocolType = "sr",
            Protocols = [new() { Name = "v0", Metadata = Encoding.UTF8.GetBytes(identity) }],
        };
        join.MemberId = (await _member.SendAsync(join, 5)).MemberId;
        var joined = await _member.SendAsync(join, 5);
        joined.ErrorCode.ShouldBe(ErrorCode.None);
        joined.Leader.ShouldNotBe(joined.MemberId, "ours was there first, so it assigns");
        var synced = await _member.SendAsync(
            new SyncGroupRequest { GroupId = "schema-registry", GenerationId = joined.GenerationId, MemberId = joined.MemberId }, 3);
        synced.ErrorCode.ShouldBe(ErrorCode.None);
        Encoding.UTF8.GetString(synced.Assignment.Span).ShouldBe(
            $$"""{"error":0,"master":"{{joined.MemberId}}","master_identity":{{identity}},"version":1}""");
    }

    private async Task<Forwarded> TakeForwardedAsync() => new(await _http.GetContextAsync().WaitAsync(TestTime.Limit));

    private async Task WriteAsync(string key, string value)
    {
        var batch = new RecordBatchBuilder()
            .Add(1_700_000_000_000, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value))
            .Build();
        var answer = await _member.SendAsync(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 10_000,
                TopicData = [new() { Name = "_schemas", PartitionData = [new() { Records = batch }] }],
            },
            7);
        answer.Responses.Single().PartitionResponses.Single().ErrorCode.ShouldBe(ErrorCode.None);
    }

    private sealed class Forwarded(HttpListenerContext context)
    {
        public HttpListenerRequest Request => context.Request;

        public string? RawUrl => context.Request.RawUrl;

        public string? Header(string name) => context.Request.Headers[name];

        public async Task AnswerAsync(int status, string json)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/vnd.schemaregistry.v1+json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(json));
            context.Response.Close();
        }
    }
}
