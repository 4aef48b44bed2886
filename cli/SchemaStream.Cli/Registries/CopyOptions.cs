using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;

namespace SchemaStream.Cli.Registries;

/// <summary>Options that say which registry, and as whom.</summary>
internal static class CopyOptions
{
    public static Option<Uri?> Url(string name, string description, bool required) => new(name)
    {
        Description = description,
        HelpName = "URL",
        Required = required,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                return uri;
            }

            result.AddError($"{name} {result.Tokens[0].Value}: expected http://HOST:PORT or https://HOST:PORT");
            return null;
        },
    };

    public static Option<string?> User(string name) => new(name)
    {
        Description = "For basic authentication; @FILE reads it from a file",
        HelpName = "NAME:PASSWORD",
    };

    public static Option<string?> Token(string name) => new(name)
    {
        Description = "A bearer token; @FILE reads it from a file",
        HelpName = "TOKEN",
    };

    /// <summary>What to send as Authorization; null for nothing.</summary>
    public static AuthenticationHeaderValue? Credentials(string? user, string? token) =>
        token is not null ? new AuthenticationHeaderValue("Bearer", Read(token))
        : user is not null ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Read(user))))
        : null;

    private static string Read(string value) => value.StartsWith('@') ? File.ReadAllText(value[1..]).Trim() : value;
}
