using System.Globalization;
using System.Net.Sockets;
using System.Text;
using SchemaStream.Registry.Security;
using SchemaStream.Registry.Security.Identities;
using SchemaStream.Registry.Security.Permissions;

namespace SchemaStream.Registry.Tests.Security;

/// <summary>Request lines that no ordinary client writes: what is permitted and what is done must be read from the same path.</summary>
public sealed class RawTargetTests
{
    [Theory]
    [InlineData("POST", "/subjects/orders-a%2Fversions")]
    [InlineData("POST", "{base}/subjects/orders-a%2Fversions")]
    [InlineData("POST", "{base}/subjects/orders-a%2fversions")]
    [InlineData("POST", "{base}/subjects/orders-a%252Fversions")]
    [InlineData("POST", "{base}//subjects/orders-a%2Fversions")]
    [InlineData("POST", "/subjects//orders-a%2Fversions")]
    [InlineData("PUT", "{base}/contracts/topics/config%2F..%2F..%2F..%2Fconfig")]
    [InlineData("POST", "{base}/contexts/.dev/subjects/orders-a%2Fversions")]
    public async Task WhoMayOnlyRead_WritesNothing_HoweverTheTargetIsWritten(string method, string target)
    {
        var users = $"reader:{PasswordHash.Make("password", iterations: 1000)}\nroot:{PasswordHash.Make("password", iterations: 1000)}";
        await using var registry = await TestRegistry.StartAsync(change: options => options with
        {
            Security = new SecurityOptions
            {
                Users = UserFile.Parse(users), Permissions = PermissionFile.Parse("reader * read\nroot * admin"),
            },
        });
        var address = registry.Http.BaseAddress!;

        var answer = await SendAsync(
            address, method, target.Replace("{base}", address.ToString().TrimEnd('/'), StringComparison.Ordinal), "reader:password");

        int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture).ShouldBeInRange(400, 499, answer);
        (await SendAsync(address, "GET", "/schemas", "root:password")).ShouldContain("[]");
    }

    [Fact]
    public async Task AWholeAddress_IsUnderstoodAsItsPath()
    {
        await using var registry = await TestRegistry.StartAsync();
        var address = registry.Http.BaseAddress!;

        (await SendAsync(address, "POST", $"{address}subjects/a%2Fb/versions", "u:p")).ShouldContain("\"id\":1");

        (await registry.GetAsync("/subjects")).Json.ToString().ShouldBe("""["a/b"]""");
    }

    /// <summary>The answer as it comes, until the registry closes the connection.</summary>
    private static async Task<string> SendAsync(Uri address, string method, string target, string user)
    {
        const string Body = "{\"schema\":\"\\\"string\\\"\"}";
        var body = method == "GET" ? "" : Body;
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(user));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Basic {credentials}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).TrimEnd();
    }
}
