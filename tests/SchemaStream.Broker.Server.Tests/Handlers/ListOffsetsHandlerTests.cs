using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Handlers;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Handlers;

/// <summary>What clients of each age are told of an offset.</summary>
public sealed class ListOffsetsHandlerTests : IAsyncLifetime
{
    private readonly ScriptedPartitions _partitions = new();
    private readonly KafkaServer _server = new(new ServerOptions(), TimeProvider.System, new LogCollector());
    private KafkaConnection _client = null!;

    public async Task InitializeAsync()
    {
        var port = _server.Bind().Port;
        _server.Start(new DispatchTable([new ListOffsetsHandler(new OneTopic(), _partitions)]));
        _client = await KafkaConnection.ConnectAsync("127.0.0.1", port);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(4, ErrorCode.LeaderNotAvailable)]
    [InlineData(5, ErrorCode.OffsetNotAvailable)]
    public async Task AnOffsetThatANewLeaderCannotTellYet_IsAnErrorThatTheClientKnows(short version, ErrorCode expected)
    {
        _partitions.Offset = ListOffsetsResult.Failed(ErrorCode.OffsetNotAvailable);

        var response = await _client
            .SendAsync(
                new ListOffsetsRequest
                {
                    ReplicaId = -1,
                    Topics = [new() { Name = OneTopic.Name, Partitions = [new() { Timestamp = -1, CurrentLeaderEpoch = -1 }] }],
                },
                version)
            .WaitAsync(TestTime.Limit);

        response.Topics.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem().ErrorCode.ShouldBe(expected);
    }
}
