using System.Collections.Concurrent;
using System.Net;
using System.Text;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Registries;

/// <summary>
/// A registry as Confluent's were some years ago, by script: it wants a password, fails every path once, does not say
/// what is deleted or what language Avro is, and knows neither contexts, nor contracts, nor associations.
/// </summary>
internal sealed class OldRegistry : IDisposable
{
    public const string Credentials = "reader:secret";

    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly Dictionary<string, string> _answers = new()
    {
        ["/schemas?deleted=true"] = """
            [{"subject":"b","version":1,"id":7,"schema":"{\"type\":\"record\",\"name\":\"B\",\"fields\":[{\"name\":\"a\",\"type\":\"A\"}]}",
              "references":[{"name":"A","subject":"a","version":3}]},
             {"subject":"a","version":2,"id":40,"schema":"\"int\""},
             {"subject":"a","version":3,"id":90,"schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[]}"}]
            """,
        ["/schemas"] = """
            [{"subject":"b","version":1,"id":7,"schema":"x"},{"subject":"a","version":3,"id":90,"schema":"x"}]
            """,
        ["/config"] = """{"compatibilityLevel":"BACKWARD"}""",
        ["/config/b"] = """{"compatibilityLevel":"FORWARD"}""",
        ["/mode"] = """{"mode":"READWRITE"}""",
    };

    public OldRegistry()
    {
        Address = new Uri($"http://127.0.0.1:{FreePorts.TakeOne()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _listener.Stop();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        while (true)
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

            var (status, body) = Answer(context.Request);
            var bytes = Encoding.UTF8.GetBytes(body);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/vnd.schemaregistry.v1+json";
            await context.Response.OutputStream.WriteAsync(bytes);
            context.Response.Close();
        }
    }

    private (int Status, string Body) Answer(HttpListenerRequest request)
    {
        if (request.Headers["Authorization"] != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials)))
        {
            return (401, """{"error_code":401,"message":"Unauthorized"}""");
        }

        if (_asked.AddOrUpdate(request.RawUrl!, 1, (_, count) => count + 1) == 1)
        {
            return (503, "");
        }

        var path = request.Url!.AbsolutePath + (request.QueryString["deleted"] == "true" ? "?deleted=true" : "");
        return _answers.TryGetValue(path, out var answer) ? (200, answer) : (404, """{"error_code":404,"message":"HTTP 404 Not Found"}""");
    }
}
