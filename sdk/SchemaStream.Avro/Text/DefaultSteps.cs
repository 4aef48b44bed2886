using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>Counts the work on one default value.</summary>
/// <remarks>
/// A small text can ask for any amount of it: each branch of a union tries the unions below it again, and records whose
/// fields default to records multiply at every level.
/// </remarks>
internal sealed class DefaultSteps
{
    private int _left = AvroLimits.MaxDefaultSteps;

    public void Take(JsonPath path)
    {
        if (--_left < 0)
        {
            throw new AvroSchemaException(
                path.ToString(), $"the default takes more than {AvroLimits.MaxDefaultSteps} steps to be worked out");
        }
    }
}
