using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Http;

/// <summary>A choice of subjects by their associations: perhaps none.</summary>
internal readonly record struct SentChoice(AssociationChoice? Choice);

/// <summary>Query parameters that say which associations are meant.</summary>
internal static class AssociationParameters
{
    private const string None = "NONE";

    /// <summary>Of one resource or subject: topics', unless another kind is asked for.</summary>
    public static Outcome<AssociationFilter> Filter(HttpContext context)
    {
        AssociationLifecycle? lifecycle = null;
        if (context.Text("lifecycle") is { Length: > 0 } text)
        {
            lifecycle = AssociationNames.LifecycleOf(text);
            if (lifecycle is null)
            {
                return Unknown(text, "STRONG or WEAK");
            }
        }

        return new AssociationFilter(TypeOf(context) ?? AssociationNames.Topic, context.Texts("associationType"), lifecycle);
    }

    /// <summary>Of all subjects: whoever asks for nothing gets all of them, and no associations.</summary>
    public static Outcome<SentChoice> Choice(HttpContext context)
    {
        var (type, parts, names) = (TypeOf(context), context.Texts("associationType"), context.Texts("lifecycle"));
        if (type is null && parts.Count == 0 && names.Count == 0)
        {
            return new SentChoice(null);
        }

        var lifecycles = new List<AssociationLifecycle>();
        var unassociated = Unassociated.LeftOut;
        foreach (var name in names)
        {
            if (string.Equals(name, None, StringComparison.OrdinalIgnoreCase))
            {
                unassociated = Unassociated.Listed;
            }
            else if (AssociationNames.LifecycleOf(name) is { } lifecycle)
            {
                lifecycles.Add(lifecycle);
            }
            else
            {
                return Unknown(name, "STRONG, WEAK or NONE");
            }
        }

        return new SentChoice(new AssociationChoice(new AssociationFilter(type, parts), lifecycles, unassociated));
    }

    /// <summary>The context of unqualified subjects: the parameter's, else the path's.</summary>
    public static Outcome<string> Context(HttpContext context) =>
        ContextName.Parse(context.Text("context") ?? RequestState.Of(context).Within ?? "");

    private static string? TypeOf(HttpContext context) => context.Text("resourceType") is { Length: > 0 } type ? type : null;

    private static RegistryError Unknown(string name, string choices) => new(404, $"'lifecycle' is {choices}, not '{name}'.");
}
