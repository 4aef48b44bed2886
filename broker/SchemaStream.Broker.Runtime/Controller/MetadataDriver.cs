using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>
/// Runs the controller: one command after the other is decided, committed, replayed, carried out on this broker and
/// published, and only then answered. A fault of its log stops it for good, and the broker with it: metadata that is not
/// known to be on disk must not be acted on.
/// </summary>
internal sealed partial class MetadataDriver : IMetadataAccess
{
    /// <summary>Commands that wait at most; whoever has another waits for room.</summary>
    private const int QueueLimit = 1024;

    private readonly Channel<MetadataRequest> _queue = Channel.CreateBounded<MetadataRequest>(
        new BoundedChannelOptions(QueueLimit) { SingleReader = true });

    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IMetadataLog _log;
    private readonly ClusterController _controller;
    private IImageFollower? _follower;
    private readonly LaneClock _clock;
    private readonly ILogger _logger;
    private volatile MetadataImage _image = MetadataImage.Empty;
    private Task _loop = Task.CompletedTask;

    public MetadataDriver(
        int nodeId, IMetadataLog log, ClusterController controller, LaneClock clock, ILogger logger)
    {
        NodeId = nodeId;
        _log = log;
        _controller = controller;
        _clock = clock;
        _logger = logger;
    }

    public int NodeId { get; }

    public MetadataImage Image => _image;

    /// <summary>Fails when the metadata can no longer be relied on.</summary>
    public Task Fault => _fault.Task;

    /// <summary>
    /// Takes in what the log holds and begins to serve. The broker follows from its registration on: what the log says of
    /// leaders was true of the process before this one.
    /// </summary>
    public void Start(IImageFollower follower)
    {
        _follower = follower;
        _log.ReadAll(_controller.Replay);
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask<TReply> SubmitAsync<TReply>(
        ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        var request = new MetadataRequest<TReply>(command);
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return command.Refused(ErrorCode.NotController, "The controller is stopping.");
        }

        return await request.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes what is queued and takes no more.</summary>
    public async Task StopAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    /// <summary>The controller's lane: the one loop, and so the one place, that may catch anything.</summary>
    private async Task RunAsync()
    {
        await foreach (var request in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_fault.Task.IsCompleted)
            {
                request.Refuse(ErrorCode.KafkaStorageError, "The metadata log of this broker has failed.");
                continue;
            }

            try
            {
                await RunAsync(request).ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                MetadataFailed(cause);
                request.Refuse(
                    cause is LogStorageException ? ErrorCode.KafkaStorageError : ErrorCode.UnknownServerError, cause.Message);
                _fault.TrySetException(cause);
            }
        }
    }

    private async ValueTask RunAsync(MetadataRequest request)
    {
        IReadOnlyList<IRecordMessage> records;
        try
        {
            records = request.Decide(_controller, _clock.SteadyMs);
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
            var lastOffset = await _log.CommitAsync(records).ConfigureAwait(false);
            _controller.Replay(records, lastOffset);
            await PublishAsync().ConfigureAwait(false);
        }

        request.Reply();
    }

    private async ValueTask PublishAsync()
    {
        var image = _controller.Image;
        await _follower!.PrepareAsync(image).ConfigureAwait(false);
        var previous = _image;
        _image = image;
        await _follower!.FollowAsync(previous, image).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Critical, Message = "The metadata log failed: this broker stops changing metadata")]
    private partial void MetadataFailed(Exception cause);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "A command of the controller could not be decided")]
    private partial void CommandFailed(Exception cause);
}
