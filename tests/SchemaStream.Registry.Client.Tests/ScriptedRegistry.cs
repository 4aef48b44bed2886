using System.Net;
using System.Text;

namespace SchemaStream.Registry.Client.Tests;

/// <summary>Answers from a script, as a registry of another make would; counts what was asked.</summary>
internal sealed class ScriptedRegistry : HttpMessageHandler
{
    private readonly Dictionary<string, (HttpStatusCode Status, string Body)> _answers = [];

    public List<string> Asked { get; } = [];

    public List<string> Bodies { get; } = [];

    /// <summary>What each request said of who asks.</summary>
    public List<string?> Credentials { get; } = [];

    /// <summary>When set, answers wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>By host: what stands in the way of an answer, asked before each.</summary>
    public Dictionary<string, Func<HttpResponseMessage>> Trouble { get; } = [];

    public List<string> Hosts { get; } = [];

    public ScriptedRegistry Answers(string request, int status, string body)
    {
        _answers[request] = ((HttpStatusCode)status, body);
        return this;
    }

    public RegistryClient Client(Func<RegistryClientOptions, RegistryClientOptions>? change = null)
    {
        var options = new RegistryClientOptions { Address = new Uri("http://registry.test:8081/base/") };
        return new RegistryClient(change?.Invoke(options) ?? options, this);
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (Asked)
        {
            Asked.Add(asked);
            Bodies.Add(body);
            Hosts.Add(request.RequestUri.Host);
            Credentials.Add(request.Headers.Authorization?.ToString());
        }

        if (Trouble.TryGetValue(request.RequestUri.Host, out var trouble))
        {
            return trouble();
        }

        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        var (status, text) = _answers.GetValueOrDefault(
            asked, (HttpStatusCode.NotFound, """{"error_code":404,"message":"HTTP 404 Not Found"}"""));
        return new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
