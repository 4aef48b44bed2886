using System.Net;
using System.Net.Sockets;

namespace SchemaStream.Tests.Contracts;

/// <summary>Our registry as a plain Confluent one looks: it knows nothing of contracts.</summary>
internal sealed class PlainRegistry : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _behind;
    private readonly Task _serving;

    public PlainRegistry(Uri behind)
    {
        _behind = new HttpClient { BaseAddress = behind };
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
        _behind.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        if (context.Request.RawUrl!.StartsWith("/contracts", StringComparison.Ordinal))
        {
            response.StatusCode = 404;
            response.ContentType = "application/json";
            await response.OutputStream.WriteAsync("""{"error_code":404,"message":"HTTP 404 Not Found"}"""u8.ToArray());
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), context.Request.RawUrl);
        if (context.Request.HasEntityBody)
        {
            request.Content = new StreamContent(context.Request.InputStream);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var answer = await _behind.SendAsync(request);
        response.StatusCode = (int)answer.StatusCode;
        response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await response.OutputStream.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
    }
}
