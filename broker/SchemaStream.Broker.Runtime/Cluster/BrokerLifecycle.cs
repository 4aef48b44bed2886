using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Cluster;

/// <summary>
/// A broker's life in its cluster: it registers, says again and again that it lives, is let lead partitions, and asks before
/// it goes. One task does all of it, so at most one request of it is under way; the next one is sent on time all the same.
/// </summary>
internal sealed partial class BrokerLifecycle : IBrokerLifecycle, IAsyncDisposable
{
    /// <summary>How often a broker asks that is waited for: until it may lead, or may go.</summary>
    private static readonly TimeSpan ImpatientInterval = TimeSpan.FromMilliseconds(50);

    private const string NoSuccessor = "no other broker could take over";

    private readonly RegisterBrokerCommand _registration;
    private readonly ClusterOptions _options;
    private readonly ControllerCaller _controller;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _nudge = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _mayGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MetadataImage _image = MetadataImage.Empty;
    private long _brokerEpoch = -1;
    private volatile bool _isFenced = true;
    private volatile bool _wantsToGo;
    private bool _wasRegistered;
    private ErrorCode _failing;
    private long _lastHeard;
    private Task _loop = Task.CompletedTask;

    /// <param name="registration">Of this process: with an incarnation that no other has.</param>
    /// <param name="controller">By a way of its own: what waits for its commit must not hold heartbeats up.</param>
    public BrokerLifecycle(
        RegisterBrokerCommand registration,
        ClusterOptions options,
        ControllerCaller controller,
        TimeProvider timeProvider,
        ILogger logger)
    {
        _registration = registration;
        _options = options;
        _controller = controller;
        _timeProvider = timeProvider;
        _logger = logger;
        var third = options.SessionTimeout / 3;
        _interval = options.HeartbeatInterval < third ? options.HeartbeatInterval : third;
    }

    public int BrokerId => _registration.BrokerId;

    public long BrokerEpoch => Interlocked.Read(ref _brokerEpoch);

    public bool IsFenced => _isFenced;

    /// <summary>Completes when an image is carried out here in which this process may lead.</summary>
    public Task Serving => _serving.Task;

    /// <summary>Fails when this broker cannot be of the cluster: a <see cref="ClusterJoinException"/> where it is not taken in.</summary>
    public Task Fault => _fault.Task;

    /// <summary>Whether an image knows this process; one that does not is of the process before it.</summary>
    public bool IsRegisteredIn(MetadataImage image) =>
        image.Brokers.TryGetValue(BrokerId, out var broker) && broker.IncarnationId == _registration.IncarnationId;

    /// <summary>
    /// Whether an image is to be carried out here. One that has forgotten this process, because someone unregistered it, is
    /// not; it registers again at once, for whoever waits to be shown a change waits for that.
    /// </summary>
    public bool MayBeShown(MetadataImage image)
    {
        var isRegistered = IsRegisteredIn(image);
        if (!isRegistered && _serving.Task.IsCompletedSuccessfully)
        {
            Nudge();
        }

        return isRegistered;
    }

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>An image is carried out on this broker.</summary>
    public void Shown(MetadataImage image)
    {
        var isFirst = _image.Offset < 0;
        _image = image;
        if (image.IsLive(BrokerId) && IsRegisteredIn(image))
        {
            _serving.TrySetResult();
        }

        if (isFirst || _isFenced || _wantsToGo)
        {
            Nudge();
        }

        if (_wantsToGo && !CouldAnotherTakeOver)
        {
            _mayGo.TrySetResult(NoSuccessor);
        }
    }

    /// <summary>
    /// Has leadership moved to others before this broker goes; as far as it goes within the time-out. A broker that is alone
    /// has no one to move it to.
    /// </summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (!_options.ControlledShutdown || !_serving.Task.IsCompletedSuccessfully)
        {
            return;
        }

        if (!CouldAnotherTakeOver)
        {
            // It is not even announced: until its listener closes, this broker leads what it leads.
            Leaves(BrokerId, NoSuccessor);
            return;
        }

        _wantsToGo = true;
        Nudge();
        using var limit = new CancellationTokenSource(_options.ControlledShutdownTimeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var reason = await _mayGo.Task.WaitAsync(either.Token).ConfigureAwait(false);
            Leaves(BrokerId, reason);
        }
        catch (OperationCanceledException)
        {
            LeadershipNotMoved(BrokerId, _options.ControlledShutdownTimeout);
        }
    }

    /// <summary>Ends the heartbeats: from here on the controller hears nothing of this process.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await RegisterAsync().ConfigureAwait(false);
            while (true)
            {
                var sent = _timeProvider.GetTimestamp();
                await BeatAsync().ConfigureAwait(false);
                await PauseAsync(_interval - _timeProvider.GetElapsedTime(sent)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped, at whatever it was.
        }
        catch (Exception refused)
        {
            // A broker that sends no heartbeats any more must not go on as if it did.
            NotTakenIn(refused);
            _fault.TrySetException(refused);
        }
    }

    private async Task RegisterAsync()
    {
        var since = _timeProvider.GetTimestamp();
        while (true)
        {
            var answer = await _controller
                .AskAsync(_wasRegistered ? _registration with { PreviousShutdownWasClean = true } : _registration, _options.RequestTimeout, _stopping.Token)
                .ConfigureAwait(false);
            var reply = answer.Reply ?? _registration.Refused(answer.Error, answer.Message ?? "");
            switch (reply.ErrorCode)
            {
                case ErrorCode.None:
                    Interlocked.Exchange(ref _brokerEpoch, reply.BrokerEpoch);
                    _wasRegistered = true;
                    Registered(BrokerId, reply.BrokerEpoch);
                    return;
                case ErrorCode.NotController or ErrorCode.NetworkException or ErrorCode.RequestTimedOut:
                    // A controller that has more to do first says so at once.
                    StillNoController(BrokerId, reply.ErrorMessage);
                    await PauseAsync(ImpatientInterval).ConfigureAwait(false);
                    break;
                case ErrorCode.DuplicateBrokerRegistration when _timeProvider.GetElapsedTime(since) <= _options.SessionTimeout + _interval:
                    // The process before this one may be dead and not be missed yet.
                    await PauseAsync(_interval).ConfigureAwait(false);
                    break;
                default:
                    throw new ClusterJoinException(
                        $"The controller does not take broker {BrokerId} into the cluster: {reply.ErrorCode} {reply.ErrorMessage}");
            }
        }
    }

    private async Task BeatAsync()
    {
        var image = _image;
        var command = new BrokerHeartbeatCommand(
            BrokerId, BrokerEpoch, image.Offset, WantFence: image.Offset < 0, WantShutDown: _wantsToGo);

        // It is given up when the next one is due: that one goes by a connection of its own.
        var answer = await _controller.AskAsync(command, _interval, _stopping.Token).ConfigureAwait(false);
        var reply = answer.Reply ?? command.Refused(answer.Error, answer.Message ?? "");
        switch (reply.ErrorCode)
        {
            case ErrorCode.None:
                Told(reply);
                break;
            case ErrorCode.StaleBrokerEpoch or ErrorCode.BrokerIdNotRegistered:
                RegistersAgain(BrokerId, BrokerEpoch, reply.ErrorCode);
                await RegisterAsync().ConfigureAwait(false);
                Nudge();
                break;
            default:
                if (_failing != reply.ErrorCode)
                {
                    // Told when it begins: the beats that fail after it come by the second, for as long as it lasts.
                    _failing = reply.ErrorCode;
                    HeartbeatFailed(BrokerId, reply.ErrorCode, reply.ErrorMessage);
                }

                GoIfNoOneHears();
                break;
        }
    }

    private void Told(BrokerHeartbeatReply reply)
    {
        _lastHeard = _timeProvider.GetTimestamp();
        if (_failing != ErrorCode.None)
        {
            _failing = ErrorCode.None;
            HeardAgain(BrokerId);
        }

        if (_isFenced != reply.IsFenced)
        {
            _isFenced = reply.IsFenced;
            FencingChanged(BrokerId, reply.IsFenced);
        }

        if (_wantsToGo && reply.ShouldShutDown)
        {
            _mayGo.TrySetResult("it leads nothing any more");
        }
    }

    /// <summary>Where all others leave too, or there are none, leadership has nowhere to move to.</summary>
    private bool CouldAnotherTakeOver => _image.Brokers.Values.Any(broker => broker.IsActive && broker.BrokerId != BrokerId);

    /// <summary>Whoever is not heard for a session is fenced, if there is a controller at all: more cannot come of waiting.</summary>
    private void GoIfNoOneHears()
    {
        if (_wantsToGo && _timeProvider.GetElapsedTime(_lastHeard) > _options.SessionTimeout)
        {
            _mayGo.TrySetResult("no controller is there to ask");
        }
    }

    /// <summary>Until the next heartbeat is due, or there is news to tell.</summary>
    private async Task PauseAsync(TimeSpan pause)
    {
        var isWaitedFor = _wantsToGo || (_isFenced && _image.Offset >= BrokerEpoch && BrokerEpoch >= 0);
        if (isWaitedFor && pause > ImpatientInterval)
        {
            pause = ImpatientInterval;
        }

        if (pause <= TimeSpan.Zero)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            return;
        }

        using var due = new CancellationTokenSource(pause, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, _stopping.Token);
        try
        {
            await _nudge.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // It is due.
        }
    }

    private void Nudge() => _nudge.Writer.TryWrite(true);

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "Broker {BrokerId} is registered in epoch {BrokerEpoch}")]
    private partial void Registered(int brokerId, long brokerEpoch);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "Broker {BrokerId} still looks for a controller that registers it: {Reason}")]
    private partial void StillNoController(int brokerId, string? reason);

    [LoggerMessage(EventId = 1503, Level = LogLevel.Warning, Message = "The controller does not know broker {BrokerId} in epoch {BrokerEpoch} ({Error}): it registers again")]
    private partial void RegistersAgain(int brokerId, long brokerEpoch, ErrorCode error);

    [LoggerMessage(EventId = 1504, Level = LogLevel.Warning, Message = "A heartbeat of broker {BrokerId} was not taken: {Error} {Reason}")]
    private partial void HeartbeatFailed(int brokerId, ErrorCode error, string? reason);

    [LoggerMessage(EventId = 1505, Level = LogLevel.Information, Message = "Broker {BrokerId} is fenced: {IsFenced}")]
    private partial void FencingChanged(int brokerId, bool isFenced);

    [LoggerMessage(EventId = 1506, Level = LogLevel.Information, Message = "Broker {BrokerId} goes: {Reason}")]
    private partial void Leaves(int brokerId, string reason);

    [LoggerMessage(EventId = 1507, Level = LogLevel.Warning, Message = "Broker {BrokerId} goes though leadership has not moved within {Timeout}")]
    private partial void LeadershipNotMoved(int brokerId, TimeSpan timeout);

    [LoggerMessage(EventId = 1509, Level = LogLevel.Information, Message = "Heartbeats of broker {BrokerId} are taken again")]
    private partial void HeardAgain(int brokerId);

    [LoggerMessage(EventId = 1508, Level = LogLevel.Critical, Message = "This broker is not of the cluster any more")]
    private partial void NotTakenIn(Exception refusal);
}
