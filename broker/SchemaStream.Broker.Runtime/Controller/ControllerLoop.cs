using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Brokers;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>
/// The metadata on the quorum's loop. Every node takes in what is committed and hands the image on. On the node that leads,
/// the controller decides upon an image that is ahead of that: each decision is proposed and replayed there at once, so
/// that the next one need not wait for the disks; its reply waits until everything it was decided upon is committed. With
/// the leadership the image that is ahead is lost, and what is parked is answered with NOT_CONTROLLER.
/// </summary>
internal sealed partial class ControllerLoop : IQuorumStateMachine, IControllerAccess
{
    /// <summary>Commands that wait at most; whoever has another waits for room.</summary>
    public const int QueueLimit = 1024;

    /// <summary>Replies that wait for their commit at most; then no more is decided.</summary>
    public const int ParkedLimit = 4096;

    /// <summary>How many commands are decided before the quorum has its turn again.</summary>
    private const int CommandsPerTurn = 256;

    /// <summary>A tick leads to no more decisions than this: the next one goes on.</summary>
    private const int DecisionsPerTick = 64;

    private readonly Channel<ControllerRequest> _queue = Channel.CreateBounded<ControllerRequest>(
        new BoundedChannelOptions(QueueLimit));

    private readonly Queue<(long Offset, ControllerRequest Request)> _parked = new();
    private readonly Queue<MetadataImage> _ahead = new();
    private readonly ClusterController _controller;
    private readonly TopicConfigDefaults _topicDefaults;
    private readonly Action<MetadataImage> _committed;
    private readonly IQuorum _quorum;
    private readonly ILogger _logger;
    private MetadataImage _image = MetadataImage.Empty;
    private volatile bool _isActive;
    private volatile Leadership _leadership = new(null);
    private int _activeEpoch;
    private int _isAwake;

    /// <param name="clusterId">The cluster that the directory belongs to.</param>
    /// <param name="quorum">Has not begun yet.</param>
    /// <param name="controller">Decides, where this node leads.</param>
    /// <param name="topicDefaults">The settings that topics fall back to.</param>
    /// <param name="committed">Told each newer committed image, on the quorum's loop.</param>
    public ControllerLoop(
        string clusterId,
        IQuorum quorum,
        ClusterController controller,
        TopicConfigDefaults topicDefaults,
        Action<MetadataImage> committed,
        ILogger logger)
    {
        ClusterId = clusterId;
        _quorum = quorum;
        _controller = controller;
        _topicDefaults = topicDefaults;
        _committed = committed;
        _logger = logger;
    }

    public string ClusterId { get; }

    /// <summary>Whether the controller of this node is the active one, as far as it knows.</summary>
    public bool IsActive => _isActive;

    /// <summary>Who leads, until that changes.</summary>
    public Leadership Leadership => _leadership;

    public async ValueTask<ControllerAnswer<TReply>> DecideAsync<TReply>(
        ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        if (!_isActive)
        {
            return NotController<TReply>();
        }

        var request = new ControllerRequest<TReply>(command, cancellationToken);
        await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        if (TryBeWoken() && !await _quorum.PostAsync(Drain, CancellationToken.None).ConfigureAwait(false))
        {
            // Those who came meanwhile rely on this call.
            Volatile.Write(ref _isAwake, 0);
            RefuseQueued(ErrorCode.NotController, "The quorum of this node has stopped.");
        }

        return await request.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Load(IEnumerable<IReadOnlyList<IRecordMessage>> snapshot, long lastOffset)
    {
        Invariant.That(!_isActive, "a node that leads takes no snapshot in");
        var replay = new MetadataReplay(MetadataImage.Empty, _topicDefaults);
        foreach (var record in snapshot.SelectMany(records => records))
        {
            replay.Replay(record);
        }

        Commit(replay.Build(lastOffset));
    }

    public void Replay(IReadOnlyList<IRecordMessage> records, long lastOffset)
    {
        if (TryTakeAhead(lastOffset, out var ahead))
        {
            Commit(ahead);
            return;
        }

        var replay = new MetadataReplay(_image, _topicDefaults);
        foreach (var record in records)
        {
            replay.Replay(record);
        }

        Commit(replay.Build(lastOffset));
    }

    public void LeadershipChanged(QuorumView view)
    {
        if (_isActive && !(view.IsReady && view.LeaderEpoch == _activeEpoch))
        {
            Deactivate();
        }

        if (view.IsReady && !_isActive)
        {
            Activate(view);
        }

        var before = _leadership;
        _leadership = new Leadership(view);
        before.End();
    }

    public void Committed(long highWatermark)
    {
        while (_parked.TryPeek(out var next) && next.Offset < highWatermark)
        {
            _parked.Dequeue();
            next.Request.Reply(next.Offset);
        }

        GoOn();
    }

    public void Tick(long nowMs)
    {
        if (!_isActive)
        {
            return;
        }

        LookAfter(nowMs);
        GoOn();
    }

    public IEnumerable<IReadOnlyList<IRecordMessage>> WriteSnapshot() => MetadataSnapshot.RecordsOf(_image);

    private static ControllerAnswer<TReply> NotController<TReply>()
        where TReply : class => new(ErrorCode.NotController, "This node is not the active controller.", null, -1);

    private void Activate(QuorumView view)
    {
        _activeEpoch = view.LeaderEpoch;
        _controller.Activate(_image, _quorum.NowMs);
        _isActive = true;
        BecameActive(view.NodeId, view.LeaderEpoch, _image.Offset);
        if (_image.ClusterId.Length == 0 || ClusterStart.LacksFeatures(_image))
        {
            Propose(_controller.Decide(new InitializeClusterCommand(ClusterId), _quorum.NowMs).Records);
        }

        LookAfter(_quorum.NowMs);
    }

    /// <summary>What the controller does of its own accord.</summary>
    private void LookAfter(long nowMs)
    {
        for (var decisions = 0; decisions < DecisionsPerTick; decisions++)
        {
            var records = _controller.Tick(nowMs);
            if (records.Count == 0)
            {
                return;
            }

            Propose(records);
        }
    }

    private void Deactivate()
    {
        _isActive = false;
        _ahead.Clear();
        RefuseAll(ErrorCode.NotController, "This node is not the active controller any more.");
        NoLongerActive(_activeEpoch);
    }

    private void RefuseAll(ErrorCode error, string message)
    {
        while (_parked.TryDequeue(out var parked))
        {
            parked.Request.Refuse(error, message);
        }

        RefuseQueued(error, message);
    }

    private void RefuseQueued(ErrorCode error, string message)
    {
        while (_queue.Reader.TryRead(out var request))
        {
            request.Refuse(error, message);
        }
    }

    /// <summary>One call at a time lies with the loop, however many commands come.</summary>
    private bool TryBeWoken() => Interlocked.Exchange(ref _isAwake, 1) == 0;

    /// <summary>On the loop: what waits has its turn soon; where the loop has no room, after a tick.</summary>
    private void GoOn()
    {
        if (_queue.Reader.TryPeek(out _) && TryBeWoken() && !_quorum.Post(Drain))
        {
            Volatile.Write(ref _isAwake, 0);
        }
    }

    private void Drain()
    {
        Volatile.Write(ref _isAwake, 0);
        if (!_isActive)
        {
            RefuseAll(ErrorCode.NotController, "This node is not the active controller.");
            return;
        }

        for (var turn = 0; turn < CommandsPerTurn; turn++)
        {
            if (_parked.Count >= ParkedLimit || !_queue.Reader.TryRead(out var request))
            {
                return;
            }

            if (!request.IsAbandoned)
            {
                Decide(request);
            }
        }

        GoOn();
    }

    /// <summary>The controller's lane, and so the one place that may catch anything.</summary>
    private void Decide(ControllerRequest request)
    {
        IReadOnlyList<IRecordMessage> records;
        try
        {
            records = request.Decide(_controller, _quorum.NowMs);
        }
        catch (Exception fault)
        {
            // Deciding changes nothing, so a command that cannot be decided hurts no one but its sender.
            CommandFailed(fault);
            request.Refuse(fault is ArgumentException ? ErrorCode.InvalidRequest : ErrorCode.UnknownServerError, fault.Message);
            return;
        }

        if (records.Count > 0)
        {
            try
            {
                Propose(records);
            }
            catch (ProtocolException tooLarge)
            {
                // It asks for more than one decision may hold; again, nothing has changed.
                CommandFailed(tooLarge);
                request.Refuse(ErrorCode.PolicyViolation, tooLarge.Message);
                return;
            }
        }

        // One that changes nothing says what it saw, which has to be true for good as well.
        var offset = _controller.Image.Offset;
        if (offset <= _image.Offset)
        {
            request.Reply(offset);
        }
        else
        {
            _parked.Enqueue((offset, request));
        }
    }

    private void Propose(IReadOnlyList<IRecordMessage> records)
    {
        var lastOffset = _quorum.Propose(records);
        _controller.Replay(records, lastOffset);
        _ahead.Enqueue(_controller.Image);
    }

    /// <summary>What this node proposed it has replayed already.</summary>
    private bool TryTakeAhead(long lastOffset, [NotNullWhen(true)] out MetadataImage? image)
    {
        while (_ahead.TryPeek(out image) && image.Offset <= lastOffset)
        {
            _ahead.Dequeue();
            if (image.Offset == lastOffset)
            {
                return true;
            }
        }

        image = null;
        return false;
    }

    private void Commit(MetadataImage image)
    {
        if (image.ClusterId.Length > 0 && image.ClusterId != ClusterId)
        {
            throw new InvalidOperationException(
                $"The metadata is of cluster {image.ClusterId}, the data directory of cluster {ClusterId}.");
        }

        _image = image;
        _committed(image);
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Node {NodeId} is the active controller of epoch {LeaderEpoch}, from offset {Offset} on")]
    private partial void BecameActive(int nodeId, int leaderEpoch, long offset);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "A command of the controller could not be decided")]
    private partial void CommandFailed(Exception cause);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Information, Message = "This node is not the active controller any more (it was in epoch {LeaderEpoch})")]
    private partial void NoLongerActive(int leaderEpoch);
}
