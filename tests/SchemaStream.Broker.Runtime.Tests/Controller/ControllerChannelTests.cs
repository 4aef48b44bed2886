using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Server;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Handlers.Controller;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Controller;

/// <summary>From one node to the controller on another, over sockets and through the handlers of its listener.</summary>
public sealed class ControllerChannelTests : IAsyncLifetime
{
    private const string ClusterId = "cluster";

    private readonly ScriptedController _controller = new();
    private readonly KafkaServer _server = new(
        new ServerOptions { DrainTimeout = TimeSpan.Zero }, TimeProvider.System, NullLoggerFactory.Instance);

    private readonly ControllerChannel _channel = new(ClusterId, new QuorumConnector(2, TimeProvider.System));

    [Fact]
    public async Task Command_GoesToTheControllerAndItsReplyComesBack()
    {
        _controller.Answers[typeof(AllocateProducerIdsCommand)] = new AllocateProducerIdsReply(ErrorCode.None, null, 3000, 1000);

        var answer = await _channel.SendAsync(Endpoint, new AllocateProducerIdsCommand(2, 7), CancellationToken.None);

        answer.ShouldBe(new(ErrorCode.None, null, new(ErrorCode.None, null, 3000, 1000), 42));
        _controller.Asked.ShouldBe([new AllocateProducerIdsCommand(2, 7)]);
    }

    [Fact]
    public async Task CommandOfAnotherCluster_IsRefusedAndNotDecided()
    {
        await using var stranger = new ControllerChannel("another", new QuorumConnector(2, TimeProvider.System));

        var answer = await stranger.SendAsync(Endpoint, new UnregisterBrokerCommand(2), CancellationToken.None);

        answer.Error.ShouldBe(ErrorCode.InconsistentClusterId);
        answer.Message!.ShouldContain("another");
        _controller.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task NodeThatDoesNotLead_SaysSo()
    {
        var answer = await _channel.SendAsync(Endpoint, new UnregisterBrokerCommand(2), CancellationToken.None);

        answer.Error.ShouldBe(ErrorCode.NotController);
    }

    [Fact]
    public async Task NodeThatIsGone_IsANetworkErrorNotAnException()
    {
        await _server.StopAsync();

        var answer = await _channel.SendAsync(Endpoint, new UnregisterBrokerCommand(2), CancellationToken.None);

        answer.Error.ShouldBe(ErrorCode.NetworkException);
    }

    [Fact]
    public async Task ConnectionThatWasLost_IsMadeAnew()
    {
        _controller.Answers[typeof(UnregisterBrokerCommand)] = new BrokerStateReply(ErrorCode.None, null);
        (await _channel.SendAsync(Endpoint, new UnregisterBrokerCommand(2), CancellationToken.None)).Error.ShouldBe(ErrorCode.None);

        await _channel.ResetAsync();

        (await _channel.SendAsync(Endpoint, new UnregisterBrokerCommand(2), CancellationToken.None)).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task CommandThatWaits_DoesNotHoldUpTheDecisionOfTheNext()
    {
        _controller.Hangs.TryAdd(typeof(CreateTopicsCommand), true);
        _controller.Answers[typeof(UnregisterBrokerCommand)] = new BrokerStateReply(ErrorCode.None, null);
        using var patience = new CancellationTokenSource();

        var waiting = _channel.SendAsync(Endpoint, new CreateTopicsCommand([]), patience.Token).AsTask();
        await RuntimeUnderTest.UntilAsync(() => Task.FromResult(_controller.Asked.Count == 1));
        var next = _channel.SendAsync(Endpoint, new UnregisterBrokerCommand(2), patience.Token).AsTask();
        await RuntimeUnderTest.UntilAsync(() => Task.FromResult(_controller.Asked.Count == 2));

        await patience.CancelAsync();
        await waiting.ShouldThrowAsync<OperationCanceledException>();
        await next.ShouldThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Caller_WhoseCommandHangs_GivesUpInTime_AndTheNextOneGoesThrough()
    {
        var quorum = new ScriptedQuorum();
        var here = Follower(quorum);
        quorum.Follow(1, Endpoint);
        var caller = new ControllerCaller(quorum, here, _channel, TimeProvider.System);
        _controller.Hangs.TryAdd(typeof(UnregisterBrokerCommand), true);

        var hung = await caller.AskAsync(new UnregisterBrokerCommand(2), TimeSpan.FromMilliseconds(300), CancellationToken.None);
        hung.Reply.ShouldBeNull();

        _controller.Hangs.Clear();
        _controller.Answers[typeof(UnregisterBrokerCommand)] = new BrokerStateReply(ErrorCode.None, null);
        (await caller.AskAsync(new UnregisterBrokerCommand(2), TimeSpan.FromSeconds(30), CancellationToken.None))
            .Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Caller_WhoseControllerNeverAnswers_GoesOnToTheNextAsSoonAsThatLeads()
    {
        var quorum = new ScriptedQuorum();
        var here = Follower(quorum);
        quorum.Follow(1, Endpoint);
        var caller = new ControllerCaller(quorum, here, _channel, TimeProvider.System);
        _controller.Hangs.TryAdd(typeof(UnregisterBrokerCommand), true);
        var asked = caller.AskAsync(new UnregisterBrokerCommand(2), TimeSpan.FromMinutes(10), CancellationToken.None).AsTask();
        await RuntimeUnderTest.UntilAsync(() => Task.FromResult(_controller.Asked.Count == 1));

        // That one is this very node.
        quorum.Lead(2);
        quorum.CommitAll();
        await RuntimeUnderTest.UntilAsync(() =>
        {
            quorum.Run();
            quorum.CommitAll();
            return Task.FromResult(asked.IsCompleted);
        });

        (await asked).Reply!.ErrorCode.ShouldBe(ErrorCode.BrokerIdNotRegistered);
    }

    public Task InitializeAsync()
    {
        var address = _server.Bind();
        Endpoint = new HostAndPort(address.Address.ToString(), address.Port);
        _server.Start(new DispatchTable(ControllerHandlers.Create(_controller)));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _server.DisposeAsync();
    }

    private HostAndPort Endpoint { get; set; }

    private static ControllerLoop Follower(ScriptedQuorum quorum)
    {
        var loop = new ControllerLoop(
            ClusterId, quorum, new ClusterController(new ControllerOptions(), new Random(1)), TopicConfigDefaults.Kafka, _ => { }, NullLogger.Instance);
        quorum.Begin(loop);
        return loop;
    }

    private sealed class ScriptedController : IControllerAccess
    {
        public ConcurrentDictionary<Type, object> Answers { get; } = new();

        public ConcurrentDictionary<Type, bool> Hangs { get; } = new();

        public ConcurrentQueue<object> Asked { get; } = new();

        public string ClusterId => ControllerChannelTests.ClusterId;

        public async ValueTask<ControllerAnswer<TReply>> DecideAsync<TReply>(
            ControllerCommand<TReply> command, CancellationToken cancellationToken)
            where TReply : class
        {
            Asked.Enqueue(command);
            if (Hangs.ContainsKey(command.GetType()))
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return Answers.TryGetValue(command.GetType(), out var reply)
                ? new(ErrorCode.None, null, (TReply)reply, 42)
                : new(ErrorCode.NotController, "not me", null, -1);
        }
    }
}
