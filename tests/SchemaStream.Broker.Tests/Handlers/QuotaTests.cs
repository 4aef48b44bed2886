using System.Diagnostics;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class QuotaTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Quotas_AreSetShownAndRemoved()
    {
        await using var client = await fixture.ConnectAsync();
        (await AlterAsync(client, ("client-id", "shown"), ("producer_byte_rate", 1000))).ShouldBe(ErrorCode.None);
        (await AlterAsync(client, ("user", null), ("request_percentage", 12.5))).ShouldBe(ErrorCode.None);

        var exact = await DescribeAsync(client, strict: false, ("client-id", 0, "shown"));
        exact.Entries!.ShouldHaveSingleItem().Values.ShouldHaveSingleItem().Value.ShouldBe(1000);
        var ofUsers = await DescribeAsync(client, strict: true, ("user", 2, null));
        var entity = ofUsers.Entries!.ShouldHaveSingleItem().Entity.ShouldHaveSingleItem();
        (entity.EntityType, entity.EntityName).ShouldBe(("user", null));
        (await DescribeAsync(client, strict: false, ("user", 1, null))).Entries!.Count.ShouldBe(1);
        (await DescribeAsync(client, strict: false, ("user", 0, "nobody"))).Entries!.ShouldBeEmpty();

        (await AlterAsync(client, ("client-id", "shown"), ("producer_byte_rate", null))).ShouldBe(ErrorCode.None);
        (await AlterAsync(client, ("user", null), ("request_percentage", null))).ShouldBe(ErrorCode.None);
        (await DescribeAsync(client, strict: false, ("client-id", 0, "shown"))).Entries!.ShouldBeEmpty();
    }

    [Fact]
    public async Task Filters_ThatAreNone_AreRefusedAsAWhole()
    {
        await using var client = await fixture.ConnectAsync();
        foreach (var (type, match, name, error) in new[]
        {
            ("user", (sbyte)0, (string?)null, ErrorCode.InvalidRequest),
            ("user", (sbyte)1, "x", ErrorCode.InvalidRequest),
            ("user", (sbyte)7, null, ErrorCode.InvalidRequest),
            ("", (sbyte)2, null, ErrorCode.InvalidRequest),
            ("group", (sbyte)2, null, ErrorCode.UnsupportedVersion),
        })
        {
            var response = await DescribeAsync(client, strict: false, (type, match, name));
            response.ErrorCode.ShouldBe(error);
            response.ErrorMessage.ShouldNotBeNullOrEmpty();
            response.Entries.ShouldBeNull();
        }

        (await DescribeAsync(client, strict: false, ("user", 2, null), ("user", 1, null))).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await DescribeAsync(client, strict: false, ("user", 2, null), ("ip", 2, null))).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await AlterAsync(client, ("user", "x"), ("retention.ms", 1))).ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task Producer_OverItsRate_IsToldSo_AndNotReadFromForSoLong()
    {
        await using var admin = await fixture.ConnectAsync();
        await using var client = await fixture.ConnectAsync("slow-producer");
        var topic = fixture.NewName();
        await admin.CreateTopicAsync(topic);
        await AlterAsync(admin, ("client-id", "slow-producer"), ("producer_byte_rate", 10_000));
        (await ProduceAsync(client, topic, 90_000)).ThrottleTimeMs.ShouldBe(0);

        var throttled = (await ProduceAsync(client, topic, 15_000)).ThrottleTimeMs;
        throttled.ShouldBeInRange(1, 5_000);
        var pause = Stopwatch.StartNew();
        await client.SendAsync(new MetadataRequest { Topics = [] }, 9).WaitAsync(TestTime.Limit);
        pause.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(throttled - 50);

        // Others are not concerned.
        (await ProduceAsync(admin, topic, 500_000)).ThrottleTimeMs.ShouldBe(0);
        await AlterAsync(admin, ("client-id", "slow-producer"), ("producer_byte_rate", null));
    }

    [Fact]
    public async Task Consumer_OverItsRate_GetsItsData_AndPauses()
    {
        await using var admin = await fixture.ConnectAsync();
        await using var client = await fixture.ConnectAsync("slow-consumer");
        var topic = fixture.NewName();
        await admin.CreateTopicAsync(topic);
        await ProduceAsync(admin, topic, 100_000);
        await AlterAsync(admin, ("client-id", "slow-consumer"), ("consumer_byte_rate", 9_500));
        var fetched = await client.SendAsync(
            new FetchRequest
            {
                MaxBytes = 10_000_000,
                SessionEpoch = -1,
                Topics = [new() { Topic = topic, Partitions = [new() { PartitionMaxBytes = 10_000_000, CurrentLeaderEpoch = -1, LastFetchedEpoch = -1 }] }],
            },
            Wire.FetchVersion).WaitAsync(TestTime.Limit);
        fetched.Responses[0].Partitions[0].Records!.Value.Length.ShouldBeGreaterThan(90_000);
        fetched.ThrottleTimeMs.ShouldBeInRange(1, 2_000);
        await AlterAsync(admin, ("client-id", "slow-consumer"), ("consumer_byte_rate", null));
    }

    [Fact]
    public async Task Topics_OverTheMutationRate_AreRefusedOneByOne()
    {
        await using var admin = await fixture.ConnectAsync();
        await using var client = await fixture.ConnectAsync("eager-admin");
        await AlterAsync(admin, ("client-id", "eager-admin"), ("controller_mutation_rate", 1));
        var (first, second, old) = (fixture.NewName(), fixture.NewName(), fixture.NewName());
        var response = await CreateAsync(client, 7, first, second);
        response.Topics.Select(topic => (topic.Name, topic.ErrorCode)).ShouldBe(
            [(second, ErrorCode.ThrottlingQuotaExceeded), (first, ErrorCode.None)], ignoreOrder: true);
        response.ThrottleTimeMs.ShouldBeGreaterThan(0);

        await using var older = await fixture.ConnectAsync("eager-admin");
        (await CreateAsync(older, 5, old)).Topics[0].ErrorCode.ShouldBe(ErrorCode.None, "it does not know the error");
        await AlterAsync(admin, ("client-id", "eager-admin"), ("controller_mutation_rate", null));
    }

    private static Task<CreateTopicsResponse> CreateAsync(KafkaConnection client, short version, params string[] names) => client.SendAsync(
        new CreateTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [.. names.Select(name => new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = 12, ReplicationFactor = 1 })],
        },
        version).WaitAsync(TestTime.Limit);

    private static Task<ProduceResponse> ProduceAsync(KafkaConnection client, string topic, int bytes) => client.SendAsync(
        new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 10_000,
            TopicData = [new() { Name = topic, PartitionData = [new() { Records = Wire.Batch(new string('x', bytes)) }] }],
        },
        Wire.ProduceVersion).WaitAsync(TestTime.Limit);

    private static async Task<ErrorCode> AlterAsync(
        KafkaConnection client, (string Type, string? Name) entity, (string Key, double? Value) quota)
    {
        var response = await client.SendAsync(
            new AlterClientQuotasRequest
            {
                Entries =
                [
                    new()
                    {
                        Entity = [new() { EntityType = entity.Type, EntityName = entity.Name }],
                        Ops = [new() { Key = quota.Key, Value = quota.Value ?? 0, Remove = quota.Value is null }],
                    },
                ],
            },
            1).WaitAsync(TestTime.Limit);
        return response.Entries.ShouldHaveSingleItem().ErrorCode;
    }

    private static Task<DescribeClientQuotasResponse> DescribeAsync(
        KafkaConnection client, bool strict, params (string Type, sbyte MatchType, string? Match)[] components) => client.SendAsync(
        new DescribeClientQuotasRequest
        {
            Strict = strict,
            Components = [.. components.Select(component => new DescribeClientQuotasRequest.ComponentData
            {
                EntityType = component.Type,
                MatchType = component.MatchType,
                Match = component.Match,
            })],
        },
        1).WaitAsync(TestTime.Limit);
}
