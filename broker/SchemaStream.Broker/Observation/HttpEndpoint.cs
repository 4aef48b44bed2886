using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Broker.Observation;

/// <summary>
/// A few pages over HTTP/1.1, for scrapers and probes: GET and HEAD, one request a connection. A web server from a library
/// costs an idle broker 11 to 18 MB of memory for three pages; this costs none. Every client is bounded: in number, bytes and time.
/// </summary>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    private const int MostClients = 32;
    private const int LongestRequest = 8 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly Func<string, CancellationToken, ValueTask<HttpPage?>> _pages;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Socket _listener;
    private readonly SemaphoreSlim _clients = new(MostClients, MostClients);
    private readonly CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;

    /// <param name="pages">The page of a path; null where there is none.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public HttpEndpoint(
        IPEndPoint endPoint, Func<string, CancellationToken, ValueTask<HttpPage?>> pages, TimeProvider timeProvider, ILogger logger)
    {
        _pages = pages;
        _timeProvider = timeProvider;
        _logger = logger;
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(endPoint);
            _listener.Listen();
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public void Start() => _accepting = AcceptAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);

        // Whoever is being answered still has its patience, which is short; then no one is.
        for (var i = 0; i < MostClients; i++)
        {
            await _clients.WaitAsync().ConfigureAwait(false);
        }

        _clients.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _clients.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Socket? client = null;
            try
            {
                client = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = ServeAsync(client);
            }
            catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException fault)
            {
                if (!_stopping.IsCancellationRequested)
                {
                    _logger.HttpAcceptFailed(fault);
                    await Task.Delay(AcceptRetryDelay, _timeProvider, CancellationToken.None).ConfigureAwait(false);
                }
            }
            finally
            {
                if (client is null)
                {
                    _clients.Release();
                }
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, _timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
            await AnswerAsync(client, either.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It left, or took too long: a probe's own time-out tells its operator.
        }
        catch (Exception fault)
        {
            // The border between one page and the broker.
            _logger.HttpFailed(fault);
        }
        finally
        {
            client.Dispose();
            _clients.Release();
        }
    }

    private async Task AnswerAsync(Socket client, CancellationToken cancellation)
    {
        var buffer = new byte[LongestRequest];
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            if (length == buffer.Length)
            {
                await SendAsync(client, Plain(400, "expected a request of at most 8 KiB"), isHead: false, cancellation).ConfigureAwait(false);
                return;
            }

            var read = await client.ReceiveAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            length += read;
        }

        var line = Encoding.Latin1.GetString(buffer, 0, buffer.AsSpan(0, length).IndexOf("\r\n"u8)).Split(' ');
        var page = line is [var method, ['/', ..] target, ['H', 'T', 'T', 'P', '/', '1', '.', _]]
            ? method is "GET" or "HEAD"
                ? await _pages(target.Split('?')[0], cancellation).ConfigureAwait(false) ?? Plain(404, "there are /metrics, /health/live and /health/ready")
                : Plain(405, "expected GET or HEAD")
            : Plain(400, "expected a request of HTTP/1.1");
        await SendAsync(client, page, line[0] == "HEAD", cancellation).ConfigureAwait(false);
    }

    private static async Task SendAsync(Socket client, HttpPage page, bool isHead, CancellationToken cancellation)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {page.Status} {page.Reason}\r\nContent-Type: {page.ContentType}\r\nContent-Length: {page.Body.Length}\r\n"
            + $"Cache-Control: no-store\r\nConnection: close\r\n\r\n");
        await SendAllAsync(client, Encoding.ASCII.GetBytes(head), cancellation).ConfigureAwait(false);
        if (!isHead)
        {
            await SendAllAsync(client, page.Body, cancellation).ConfigureAwait(false);
        }

        client.Shutdown(SocketShutdown.Send);
    }

    private static async Task SendAllAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await client.SendAsync(bytes, cancellation).ConfigureAwait(false)..];
        }
    }

    private static HttpPage Plain(int status, string text) => new(status, HttpPage.Text, Encoding.UTF8.GetBytes(text + "\n"));
}
