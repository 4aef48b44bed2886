using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Http;

/// <summary>A schema's text in the form that <c>format</c> asks for; unknown forms mean the stored text.</summary>
internal static class SchemaText
{
    public static Outcome<string> Of(HttpContext context, RegistryWriter registry, StoredSchema schema)
    {
        if (context.Text("format") is not { Length: > 0 } format)
        {
            return schema.Text;
        }

        return Candidate.Reopen(registry.Image, registry.Rules, schema).TryGet(out var parsed, out var error)
            ? parsed.TextAs(format)
            : error;
    }
}
