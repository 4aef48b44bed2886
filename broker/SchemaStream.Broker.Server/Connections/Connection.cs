using System.Text;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Observation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>
/// One client. Reads requests, begins them in order, replies in order. Produce requests overlap; every other request
/// waits until those before it are done, as Kafka has it for all of them.
/// </summary>
internal sealed partial class Connection : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ServerOptions _options;
    private readonly DispatchTable _table;
    private readonly ILogger _logger;
    private readonly ListenerCounts _counts;
    private readonly IConnectionTransport _transport;
    private readonly FrameReader _reader;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _noMoreRequests = new();
    private readonly AsyncSignal _progress = new();
    private readonly TextCache _texts = new();
    private readonly Action<RequestContext> _onServed;
    private readonly Action _onSent;
    private readonly ConnectionPauses _pauses;
    private byte[] _clientIdBytes = [];
    private string _clientId = "";

    public Connection(
        ConnectionIdentity identity,
        IConnectionTransport transport,
        ServerOptions options,
        DispatchTable table,
        RequestMemory memory,
        ListenerCounts counts,
        TimeProvider timeProvider,
        ILogger logger)
    {
        Identity = identity;
        Activity = new ConnectionActivity(timeProvider);
        _pauses = new ConnectionPauses(timeProvider);
        _options = options;
        _table = table;
        _logger = logger;
        _counts = counts;
        _transport = transport;
        _onServed = OnServed;
        _onSent = OnSent;
        _reader = new FrameReader(transport, memory, options.MaxRequestBytes, Activity);
    }

    public ConnectionIdentity Identity { get; }

    public ConnectionActivity Activity { get; }

    /// <summary>For what a client does wrong, and so can cause any number of times.</summary>
    private ILogger Warnings => _counts.LoggerFor(Identity.Remote);

    /// <summary>Serves the client until it leaves, is refused, or the server stops. Never throws for what a client did.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReadRequestsAsync().ConfigureAwait(false);
        }
        catch (RefusedFrameException refused)
        {
            Warnings.FrameRefused(Identity.Remote, refused.Message);
            Refuse();
        }
        catch (Exception broken) when (ConnectionFaults.IsExpected(broken))
        {
            _logger.ConnectionLost(Identity.Remote, broken.Message);
        }

        // Long polls and joins have no one left to wait for; appends go on to their end.
        await _ending.CancelAsync().ConfigureAwait(false);
        await WaitUntilAnsweredAsync().ConfigureAwait(false);
        _transport.Dispose();
    }

    /// <summary>
    /// Takes no more requests; those under way are answered, long polls without data are dropped, and so is the request
    /// that waits behind one: it was not begun, and its client asks again elsewhere.
    /// </summary>
    public void StopReading()
    {
        _noMoreRequests.Cancel();
        _progress.Set();
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        _noMoreRequests.Cancel();
        _ending.Cancel();
        _transport.Dispose();
        _progress.Set();
    }

    public void Dispose()
    {
        // The two token sources have no timers and nothing registered for long; an abort from outside may still come.
        _transport.Dispose();
        _reader.Dispose();
    }

    private async Task ReadRequestsAsync()
    {
        while (!_noMoreRequests.IsCancellationRequested)
        {
            var frame = await _reader.ReadAsync(_noMoreRequests.Token).ConfigureAwait(false);
            if (frame is null)
            {
                return;
            }

            var handler = Admit(frame, out var context);
            if (handler is null)
            {
                return;
            }

            if (!await WaitForTurnAsync(handler).ConfigureAwait(false) || !await _pauses.WaitAsync(_noMoreRequests.Token).ConfigureAwait(false))
            {
                context!.Reset();
                return;
            }

            Begin(handler, context!);

            // What a client sends while it has to pause stays in its socket, where it feels it; not in memory.
            await _pauses.WaitAsync(_noMoreRequests.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Finds who serves the request. Null when the connection ends with it.</summary>
    private ApiHandler? Admit(RequestFrame frame, out RequestContext? context)
    {
        context = null;
        try
        {
            _counts.Received(frame.Bytes.Length);
            var prologue = RequestPrologue.ReadFixed(frame.Bytes);
            var handler = _table.Find(prologue.ApiKey);
            if (handler is null)
            {
                Warnings.UnknownApiKey(Identity.Remote, prologue.ApiKey, prologue.ApiVersion);
                return RefuseWith(frame);
            }

            if (prologue.ApiVersion < handler.MinVersion || prologue.ApiVersion > handler.MaxVersion)
            {
                if (handler.UnsupportedVersionHandler is not { } fallback)
                {
                    Warnings.UnsupportedVersion(
                        Identity.Remote, handler.ApiKey, prologue.ApiVersion, handler.MinVersion, handler.MaxVersion);
                    return RefuseWith(frame);
                }

                handler = fallback;
            }
            else
            {
                prologue = prologue.ReadRest(frame.Bytes, handler.IsFlexible(prologue.ApiVersion));
            }

            context = Rent();
            context.Begin(frame, prologue, ClientIdOf(prologue));
            context.ArrivedAt = _counts.Metrics.Now;
            return handler;
        }
        catch (ProtocolException unreadable)
        {
            Warnings.HeaderUnreadable(Identity.Remote, unreadable.Message);
            return RefuseWith(frame);
        }
    }

    private ApiHandler? RefuseWith(RequestFrame frame)
    {
        frame.Dispose();
        Refuse();
        return null;
    }

    private string ClientIdOf(in RequestPrologue prologue)
    {
        if (!prologue.ClientId.Span.SequenceEqual(_clientIdBytes))
        {
            _clientIdBytes = prologue.ClientId.ToArray();
            _clientId = Encoding.UTF8.GetString(_clientIdBytes);
        }

        return _clientId;
    }
}
