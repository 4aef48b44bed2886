using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Fetches;
using SchemaStream.Broker.Server.Handlers;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Handlers;

/// <summary>What of a fetch reaches the partitions, and what of their answer reaches the wire.</summary>
public sealed class FetchHandlerTests : IAsyncLifetime
{
    private readonly OneTopic _topic = new();
    private readonly ScriptedPartitions _partitions = new();
    private readonly KafkaServer _server = new(new ServerOptions(), TimeProvider.System, new LogCollector());
    private KafkaConnection _client = null!;

    public async Task InitializeAsync()
    {
        var port = _server.Bind().Port;
        _server.Start(new DispatchTable(
            [new FetchHandler(_topic, _partitions, BrokerSettings.Default, new FetchSessionCache(0, TimeProvider.System))]));
        _client = await KafkaConnection.ConnectAsync("127.0.0.1", port);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task AConsumersRack_ReachesThePartitions_AndTheCloserReplicaReachesTheConsumer()
    {
        _partitions.Answer = default(FetchPartitionResult) with { HighWatermark = 7, PreferredReadReplica = 2, CurrentLeaderId = -1 };

        var answer = await FetchAsync(new FetchRequest { RackId = "b", Topics = [Wanted()] }, 12);

        _partitions.Asked!.ClientRack.ShouldBe("b");
        _partitions.Asked.ReplicaId.ShouldBe(-1);
        answer.PreferredReadReplica.ShouldBe(2);
        answer.HighWatermark.ShouldBe(7);
    }

    [Fact]
    public async Task AConsumersLastFetchedEpoch_IsComparedAndADivergenceTold()
    {
        _partitions.Answer = default(FetchPartitionResult) with { DivergingEpoch = new(3, 40), PreferredReadReplica = -1, CurrentLeaderId = -1 };
        var wanted = Wanted();
        wanted.Partitions[0].LastFetchedEpoch = 5;

        var answer = await FetchAsync(new FetchRequest { Topics = [wanted] }, 12);

        _partitions.Asked!.Partitions[0].LastFetchedEpoch.ShouldBe(5);
        answer.DivergingEpoch.ShouldNotBeNull().Epoch.ShouldBe(3);
        answer.DivergingEpoch.EndOffset.ShouldBe(40);
    }

    [Fact]
    public async Task AFollowersFetch_CarriesWhoItIs_AndMayBeEndedByItsNext()
    {
        _partitions.Answer = default(FetchPartitionResult) with { PreferredReadReplica = -1, CurrentLeaderId = -1 };

        await FetchAsync(new FetchRequest { ReplicaState = new() { ReplicaId = 2, ReplicaEpoch = 9 }, Topics = [Wanted()] }, 17);
        var followers = _partitions.Asked!;
        await FetchAsync(new FetchRequest { Topics = [Wanted()] }, 17);
        var consumers = _partitions.Asked!;

        (followers.ReplicaId, followers.ReplicaEpoch).ShouldBe((2, 9));
        (consumers.ReplicaId, consumers.ReplicaEpoch).ShouldBe((-1, -1));
        followers.Until.ShouldNotBe(consumers.Until);
    }

    [Fact]
    public async Task AnAnswer_HasNothingOfTheOneBefore()
    {
        _partitions.Answer = new FetchPartitionResult(
            default, ErrorCode.NotLeaderOrFollower, 1, 2, 3, new byte[] { 1, 2, 3 }, new(1, 2), [new(4, 5)], 1, 6, 2);
        await FetchAsync(new FetchRequest { IsolationLevel = 1, Topics = [Wanted()] }, 17);
        _partitions.Answer = default(FetchPartitionResult) with { PreferredReadReplica = -1, CurrentLeaderId = -1 };

        var answer = await FetchAsync(new FetchRequest { Topics = [Wanted()] }, 17);

        answer.ErrorCode.ShouldBe(ErrorCode.None);
        answer.Records!.Value.Length.ShouldBe(0);
        answer.AbortedTransactions.ShouldBeNull();
        answer.DivergingEpoch.ShouldBeNull();
        answer.CurrentLeader.ShouldBeNull();
        answer.PreferredReadReplica.ShouldBe(-1);
    }

    private FetchRequest.FetchTopic Wanted() => new()
    {
        Topic = OneTopic.Name,
        TopicId = _topic.Id,
        Partitions = [new() { PartitionMaxBytes = 1000 }],
    };

    private async Task<FetchResponse.PartitionData> FetchAsync(FetchRequest request, short version)
    {
        var response = await _client.SendAsync(request, version).WaitAsync(TestTime.Limit);
        return response.Responses.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();
    }
}
