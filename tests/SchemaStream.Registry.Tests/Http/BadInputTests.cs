using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SchemaStream.Registry.Tests.Http;

/// <summary>Whatever comes in is answered in the one shape, and the registry serves on.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync(
        change: options => options with { LargestRequestBytes = 3 * 1024 * 1024 });

    public async Task DisposeAsync()
    {
        (await _registry.RegisterAsync("still-there", Schemas.OrderPlaced)).ShouldBeOk();
        await _registry.DisposeAsync();
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("not json", 400)]
    [InlineData("[]", 400)]
    [InlineData("\"text\"", 400)]
    [InlineData("""{"schema":5}""", 400)]
    [InlineData("""{"schema":"\"string\"","references":{}}""", 400)]
    [InlineData("""{"schema":"\"string\"","references":[7]}""", 400)]
    [InlineData("""{"schema":"\"string\"","version":"x"}""", 400)]
    [InlineData("""{"schema":"\ud800"}""", 400)]
    [InlineData("null", 422)]
    [InlineData("", 422)]
    public async Task Body_Malformed_IsRefused(string body, int status) =>
        (await _registry.SendAsync(HttpMethod.Post, "/subjects/orders-value/versions", body)).ShouldBeRefused(status, status);

    [Fact]
    public async Task Body_NestedDeeply_IsRefused()
    {
        var body = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);

        (await _registry.SendAsync(HttpMethod.Post, "/subjects/orders-value/versions", body)).ShouldBeRefused(400, 400);
    }

    [Fact]
    public async Task Body_TooLarge_IsRefused()
    {
        var body = "{\"schema\":\"" + new string('x', 4 * 1024 * 1024) + "\"}";

        (await _registry.SendAsync(HttpMethod.Post, "/subjects/orders-value/versions", body)).ShouldBeRefused(413, 413);
    }

    [Fact]
    public async Task Schema_TooLong_IsRefused() =>
        (await _registry.RegisterAsync("orders-value", new string('x', 2 * 1024 * 1024))).ShouldBeRefused(422, 42209);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("\"strin\"")]
    [InlineData("""{"type":"record"}""")]
    [InlineData("""{"type":"record","name":"A","fields":[{"name":"x","type":"Missing"}]}""")]
    [InlineData("""{"type":"record","name":"A","fields":[{"name":"x","type":"int","default":"no"}]}""")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A","A"]}""")]
    public async Task Schema_Invalid_IsRefusedWithWhatIsWrongWhere(string schema) =>
        (await _registry.RegisterAsync("orders-value", schema)).ShouldBeRefused(422, 42201).ShouldNotBeEmpty();

    [Fact]
    public async Task Schema_NestedDeeply_IsRefused()
    {
        const int depth = 5000;
        var schema = string.Concat(Enumerable.Repeat("""{"type":"array","items":""", depth)) + "\"int\"" + new string('}', depth);

        (await _registry.RegisterAsync("orders-value", schema)).ShouldBeRefused(422, 42201);
    }

    [Fact]
    public async Task ContentType_NotJson_IsRefused() =>
        (await _registry.SendAsync(HttpMethod.Post, "/subjects/orders-value/versions", "{}", "text/plain")).ShouldBeRefused(415, 415);

    [Theory]
    [InlineData("application/vnd.schemaregistry.v1+json; charset=utf-8")]
    [InlineData("application/vnd.schemaregistry+json")]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    [InlineData("")]
    public async Task ContentType_OfTheApi_IsRead(string contentType) =>
        (await _registry.SendAsync(HttpMethod.Post, "/subjects/orders-value/versions", """{"schema":"\"int\""}""", contentType)).ShouldBeOk();

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/subjects/a/b/c/d/e", 404)]
    [InlineData("PATCH", "/subjects", 405)]
    [InlineData("GET", "/schemas/ids/../../config", 404)]
    public async Task Route_Unknown_IsRefusedInTheOneShape(string method, string path, int status) =>
        (await _registry.SendAsync(new HttpMethod(method), path)).ShouldBeRefused(status, status);

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "application/vnd.schemaregistry.v1+json")]
    [InlineData("application/vnd.schemaregistry+json, application/json", "application/vnd.schemaregistry+json")]
    [InlineData("application/json, application/vnd.schemaregistry.v1+json;q=0.1", "application/json")]
    [InlineData("text/html, */*;q=0.1", "application/vnd.schemaregistry.v1+json")]
    public async Task Accept_DecidesTheReplysType(string accept, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/subjects");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _registry.Http.SendAsync(request);

        response.Content.Headers.ContentType!.ToString().ShouldBe(expected);
    }

    [Fact]
    public async Task Accept_NothingOfOurs_IsNotAcceptable()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/subjects");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        using var response = await _registry.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"error_code\":406");
    }

    [Fact]
    public async Task RequestId_IsEchoedOrIssued()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/subjects");
        request.Headers.Add("X-Request-ID", "mine-1");
        using var echoed = await _registry.Http.SendAsync(request);
        using var issued = await _registry.Http.GetAsync(new Uri("/subjects", UriKind.Relative));

        echoed.Headers.GetValues("X-Request-ID").ShouldBe(["mine-1"]);
        Guid.TryParse(issued.Headers.GetValues("X-Request-ID").Single(), out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("caf\u00e9")]
    [InlineData("a b\tc")]
    public async Task RequestId_ThatNoHeaderCanCarryBack_IsReplaced(string id)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _registry.Host.BaseAddress.Port);
        await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"GET /subjects HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-ID: {id}\r\n\r\n"));

        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII);
        (await reader.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task Schema_WithHalfASurrogatePair_IsRefused() =>
        (await _registry.RegisterAsync("orders-value", """{"type":"record","name":"R","doc":"\ud800","fields":[]}"""))
            .ShouldBeRefused(422, 42201);

    [Fact]
    public async Task Bytes_ThatAreNoHttp_CloseTheConnection()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _registry.Host.BaseAddress.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync("\0\u0001garbage\r\n\r\n"u8.ToArray());

        using var reader = new StreamReader(stream, Encoding.ASCII);
        (await reader.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 400");
    }

    [Fact]
    public async Task Body_CutShort_LeavesTheRegistryServing()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, _registry.Host.BaseAddress.Port);
            await socket.GetStream().WriteAsync(
                "POST /subjects/a/versions HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{\"sch"u8.ToArray());
        }

        (await _registry.GetAsync("/subjects")).ShouldBeOk("[]");
    }
}
