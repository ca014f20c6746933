using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard.Reading;

namespace ICPO.Actors.Dashboard.Tests.Reading;

public sealed class TokenTextsTests
{
    [Fact]
    public void A_tokenizer_that_cannot_be_read_is_opened_again_and_an_adapter_may_have_its_own()
    {
        bool isThere = false;
        int opened = 0;
        var texts = new TokenTexts(_ =>
        {
            opened++;
            return isThere ? new LetterTokenizer() : throw new IOException("away");
        });
        RunSettings settings = IcpoConfiguration.Load().Settings;
        Assert.Null(texts.Split(settings, ['a', 'b']));
        isThere = true;
        Assert.Equal(["a", "b"], texts.Split(settings, ['a', 'b'])!);
        Assert.Equal(["a"], texts.Split(settings, ['a'])!);
        Assert.Equal(2, opened);
        Assert.Equal(["a"], texts.Split(settings with { Model = settings.Model with { Adapter = "lora" } }, ['a'])!);
        Assert.Equal(3, opened);
    }
}
