using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Fetches;
using SchemaStream.Broker.Server.Handlers;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Broker.Server.Tests.Handlers;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Fetches;

/// <summary>Incremental fetches (KIP-227) over the wire, as the clients that know them speak.</summary>
public sealed class FetchSessionTests : IAsyncLifetime
{
    private static readonly FetchPartitionResult Idle = new(default, ErrorCode.None, 7, 7, 0, default);

    private readonly OneTopic _topic = new();
    private readonly ScriptedPartitions _partitions = new() { Answer = Idle };
    private readonly FetchSessionCache _sessions = new(slots: 2, TimeProvider.System, maxPartitions: 10);
    private readonly KafkaServer _server = new(new ServerOptions(), TimeProvider.System, new LogCollector());
    private KafkaConnection _client = null!;

    public async Task InitializeAsync()
    {
        var port = _server.Bind().Port;
        _server.Start(new DispatchTable([new FetchHandler(_topic, _partitions, BrokerSettings.Default, _sessions)]));
        _client = await KafkaConnection.ConnectAsync("127.0.0.1", port);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(18)]
    public async Task AFetchWithinASession_AsksForAllAndAnswersOnlyWhatIsNew(short version)
    {
        var first = await FetchAsync(0, 0, version, 0, 1, 2);
        var nothing = await FetchAsync(first.SessionId, 1, version);
        _partitions.Answers[1] = Idle with { HighWatermark = 9, LastStableOffset = 9, Records = new byte[] { 1 } };
        var news = await FetchAsync(first.SessionId, 2, version);

        first.SessionId.ShouldBeGreaterThan(0);
        Answered(first).ShouldBe([0, 1, 2]);
        nothing.SessionId.ShouldBe(first.SessionId);
        nothing.Responses.ShouldBeEmpty();
        Answered(news).ShouldBe([1]);
        _partitions.Asked!.Partitions.Select(partition => partition.Partition.Partition).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task BeforeVersion7_AndWithTheFinalEpoch_ThereIsNoSession()
    {
        (await FetchAsync(0, -1, 6, 0)).SessionId.ShouldBe(0);
        (await FetchAsync(0, -1, 13, 0)).SessionId.ShouldBe(0);
        _sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task AChangedPartition_IsAskedForAsItIsNow_AndAForgottenOneNoMore()
    {
        var id = (await FetchAsync(0, 0, 13, 0, 1, 2)).SessionId;

        var request = Request(id, 1, 13, 1);
        request.Topics[0].Partitions[0].FetchOffset = 5;
        request.ForgottenTopicsData = [new() { TopicId = _topic.Id, Partitions = [0] }];
        (await SendAsync(request, 13)).Responses.ShouldBeEmpty();

        _partitions.Asked!.Partitions.Select(partition => (partition.Partition.Partition, partition.FetchOffset))
            .ShouldBe([(2, 0L), (1, 5L)], ignoreOrder: true);
        _sessions.PartitionCount.ShouldBe(2);
    }

    [Fact]
    public async Task AnErrorIsAnsweredEachTime_AndItsEndIsNewsToo()
    {
        var id = (await FetchAsync(0, 0, 13, 0)).SessionId;

        _partitions.Answer = PartitionFailed(ErrorCode.NotLeaderOrFollower);
        var broken = (await FetchAsync(id, 1, 13), await FetchAsync(id, 2, 13));
        _partitions.Answer = Idle;
        var (over, quiet) = (await FetchAsync(id, 3, 13), await FetchAsync(id, 4, 13));

        Answered(broken.Item1).ShouldBe([0]);
        Answered(broken.Item2).ShouldBe([0]);
        Answered(over).ShouldBe([0]);
        quiet.Responses.ShouldBeEmpty();
    }

    [Fact]
    public async Task ALogStartOffset_ADivergence_AndACloserReplica_AreNews()
    {
        var id = (await FetchAsync(0, 0, 13, 0)).SessionId;

        _partitions.Answer = Idle with { LogStartOffset = 3 };
        Answered(await FetchAsync(id, 1, 13)).ShouldBe([0]);
        _partitions.Answer = _partitions.Answer with { DivergingEpoch = new(1, 2) };
        Answered(await FetchAsync(id, 2, 13)).ShouldBe([0]);
        _partitions.Answer = Idle with { LogStartOffset = 3, PreferredReadReplica = 2 };
        Answered(await FetchAsync(id, 3, 13)).ShouldBe([0]);
    }

    [Theory]
    [InlineData(0, ErrorCode.InvalidFetchSessionEpoch)]
    [InlineData(1, ErrorCode.FetchSessionIdNotFound)]
    public async Task AWrongEpochOrId_IsToldInTheResponse_AndNothingIsFetched(int addedToId, ErrorCode expected)
    {
        var id = (await FetchAsync(0, 0, 13, 0)).SessionId;

        var answer = await FetchAsync(id + addedToId, 7, 13, 0);

        (answer.ErrorCode, answer.SessionId).ShouldBe((expected, 0));
        answer.Responses.ShouldBeEmpty();
        (await FetchAsync(id, 1, 13)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task ASessionOfTopicIds_IsNotGoneOnWithByNames()
    {
        var id = (await FetchAsync(0, 0, 13, 0)).SessionId;

        (await FetchAsync(id, 1, 12, 0)).ErrorCode.ShouldBe(ErrorCode.FetchSessionTopicIdError);
    }

    [Fact]
    public async Task AFullFetchWithASessionsId_EndsIt_AndEpoch0BeginsAnother()
    {
        var former = (await FetchAsync(0, 0, 13, 0)).SessionId;
        var next = await FetchAsync(former, 0, 13, 0);

        next.SessionId.ShouldNotBe(former);
        (await FetchAsync(former, 1, 13)).ErrorCode.ShouldBe(ErrorCode.FetchSessionIdNotFound);
        (await FetchAsync(next.SessionId, -1, 13, 0)).SessionId.ShouldBe(0);
        _sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task ASessionWithoutPartitions_Ends()
    {
        var id = (await FetchAsync(0, 0, 13, 0)).SessionId;
        var request = Request(id, 1, 13);
        request.ForgottenTopicsData = [new() { TopicId = _topic.Id, Partitions = [0] }];

        (await SendAsync(request, 13)).SessionId.ShouldBe(0);
        (await FetchAsync(id, 2, 13)).ErrorCode.ShouldBe(ErrorCode.FetchSessionIdNotFound);
    }

    [Fact]
    public async Task ASessionThatGrowsOverTheBound_Ends_AndThatFetchIsAnsweredInFull()
    {
        var id = (await FetchAsync(0, 0, 13, 0, 1, 2)).SessionId;

        var answer = await FetchAsync(id, 1, 13, 3, 4, 5, 6, 7, 8, 9, 10);

        answer.SessionId.ShouldBe(0);
        Answered(answer).ShouldBe(Enumerable.Range(0, 11));
        (_sessions.Count, _sessions.PartitionCount).ShouldBe((0, 0L));
    }

    [Theory]
    [InlineData(12, ErrorCode.UnknownTopicOrPartition)]
    [InlineData(13, ErrorCode.UnknownTopicId)]
    public async Task ATopicThatIsNotKnown_IsToldEachTime_UntilItIsThere(short version, ErrorCode expected)
    {
        var (name, topicId) = ("later", Guid.NewGuid());
        var request = Request(0, 0, version);
        request.Topics = [new() { Topic = name, TopicId = topicId, Partitions = [new() { PartitionMaxBytes = 1000 }] }];

        var first = await SendAsync(request, version);
        var second = await FetchAsync(first.SessionId, 1, version);
        _topic.Add(name, topicId);
        var third = await FetchAsync(first.SessionId, 2, version);
        var asked = _partitions.Asked!.Partitions.ShouldHaveSingleItem().Partition.TopicId;
        _topic.Remove(topicId);
        var fourth = await FetchAsync(first.SessionId, 3, version);

        Error(first).ShouldBe(expected);
        Error(second).ShouldBe(expected);
        Error(third).ShouldBe(ErrorCode.None);
        asked.ShouldBe(topicId);
        Error(fourth).ShouldBe(expected);
    }

    [Fact]
    public async Task APartitionThatGotBytes_IsBehindTheOthersNextTime()
    {
        var id = (await FetchAsync(0, 0, 13, 0, 1, 2)).SessionId;
        _partitions.Answers[1] = Idle with { HighWatermark = 9, Records = new byte[] { 1 } };

        await FetchAsync(id, 1, 13);
        await FetchAsync(id, 2, 13);

        _partitions.Asked!.Partitions.Select(partition => partition.Partition.Partition).ShouldBe([2, 0, 1]);
    }

    [Fact]
    public async Task AClientWithoutASession_AsTheCacheIsFull_FetchesInFull()
    {
        await FetchAsync(0, 0, 13, 0);
        await FetchAsync(0, 0, 13, 0);

        var third = await FetchAsync(0, 0, 13, 0);

        third.SessionId.ShouldBe(0);
        Answered(third).ShouldBe([0]);
        Answered(await FetchAsync(0, 0, 13, 0)).ShouldBe([0]);
    }

    [Fact]
    public async Task APartitionThatIsNamedTwice_IsOneInTheSession()
    {
        var first = await FetchAsync(0, 0, 13, 0, 0);

        Answered(first).ShouldBe([0, 0]);
        (await FetchAsync(first.SessionId, 1, 13)).Responses.ShouldBeEmpty();
        _partitions.Asked!.Partitions.ShouldHaveSingleItem();
    }

    private static FetchPartitionResult PartitionFailed(ErrorCode error) => new(default, error, -1, -1, -1, default);

    private static IEnumerable<int> Answered(FetchResponse response) =>
        response.Responses.SelectMany(topic => topic.Partitions).Select(partition => partition.PartitionIndex);

    private static ErrorCode Error(FetchResponse response) =>
        response.Responses.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem().ErrorCode;

    private Task<FetchResponse> FetchAsync(int sessionId, int epoch, short version, params int[] partitions) =>
        SendAsync(Request(sessionId, epoch, version, partitions), version);

    private FetchRequest Request(int sessionId, int epoch, short version, params int[] partitions)
    {
        var topic = new FetchRequest.FetchTopic
        {
            Topic = version < 13 ? OneTopic.Name : "",
            TopicId = version < 13 ? Guid.Empty : _topic.Id,
            Partitions = [.. partitions.Select(index => new FetchRequest.FetchPartition { Partition = index, PartitionMaxBytes = 1000 })],
        };
        return new FetchRequest { SessionId = sessionId, SessionEpoch = epoch, Topics = partitions.Length == 0 ? [] : [topic] };
    }

    private async Task<FetchResponse> SendAsync(FetchRequest request, short version) =>
        await _client.SendAsync(request, version).WaitAsync(TestTime.Limit);
}
