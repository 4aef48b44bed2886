using System.Net;
using System.Net.Sockets;
using System.Text;
using SchemaStream.Broker.Observation;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Observation;

public sealed class HttpEndpointTests : IAsyncDisposable
{
    private readonly LogCollector _logs = new();
    private readonly HttpEndpoint _http;

    public HttpEndpointTests()
    {
        _http = new HttpEndpoint(
            new IPEndPoint(IPAddress.Loopback, 0),
            (path, _) => path switch
            {
                "/good" => new(new HttpPage(200, HttpPage.Text, Encoding.UTF8.GetBytes("fine"))),
                "/bad" => throw new InvalidOperationException("a page that fails"),
                _ => new((HttpPage?)null),
            },
            TimeProvider.System,
            _logs.CreateLogger("http"));
        _http.Start();
    }

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    [Theory]
    [InlineData("GET /good HTTP/1.1", "200 OK", "fine")]
    [InlineData("GET /good?from=probe HTTP/1.1", "200 OK", "fine")]
    [InlineData("GET /good HTTP/1.0", "200 OK", "fine")]
    [InlineData("GET /other HTTP/1.1", "404 Not Found", "/metrics")]
    [InlineData("POST /good HTTP/1.1", "405 Method Not Allowed", "GET")]
    [InlineData("nonsense", "400 Bad Request", "HTTP/1.1")]
    [InlineData("GET good HTTP/1.1", "400 Bad Request", "HTTP/1.1")]
    public async Task Request_IsAnswered(string line, string status, string words)
    {
        var answer = await AskAsync(Encoding.ASCII.GetBytes($"{line}\r\nHost: x\r\n\r\n"));
        answer.ShouldStartWith($"HTTP/1.1 {status}\r\n");
        answer.ShouldContain(words);
    }

    [Fact]
    public async Task Head_HasNoBody()
    {
        var answer = await AskAsync("HEAD /good HTTP/1.1\r\n\r\n"u8.ToArray());
        answer.ShouldContain("Content-Length: 4\r\n");
        answer.ShouldEndWith("\r\n\r\n");
    }

    [Fact]
    public async Task Request_WithoutAnEnd_IsRefused()
    {
        (await AskAsync(new byte[8 * 1024])).ShouldStartWith("HTTP/1.1 400 ");
        await ShouldServeAsync();
    }

    [Fact]
    public async Task Page_ThatFails_CostsItsConnectionOnly()
    {
        (await AskAsync("GET /bad HTTP/1.1\r\n\r\n"u8.ToArray())).ShouldBeEmpty();
        await _logs.WaitForAsync("A page of metrics or health failed");
        await ShouldServeAsync();
    }

    [Fact]
    public async Task RealClient_ReadsThePage()
    {
        using var client = new HttpClient();
        (await client.GetStringAsync(new Uri($"http://{_http.EndPoint}/good"))).ShouldBe("fine");
    }

    private async Task ShouldServeAsync() => (await AskAsync("GET /good HTTP/1.1\r\n\r\n"u8.ToArray())).ShouldEndWith("fine");

    private async Task<string> AskAsync(byte[] request)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_http.EndPoint, limit.Token);
        await socket.SendAsync(request, limit.Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, limit.Token)) > 0)
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }
}
