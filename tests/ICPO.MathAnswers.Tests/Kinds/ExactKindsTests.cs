namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>Numbers of contest size and numbers that doubles cannot tell apart.</summary>
public sealed class ExactKindsTests
{
    [Fact]
    public void Exactness_has_no_size() =>
        Neighbors.Check(
            """
            \binom{10000}{2} ¦ \boxed{49995000} ¦ correct
            \binom{10000}{3} ¦ \boxed{\binom{10000}{9997}} ¦ correct
            \binom{10^6}{2} ¦ \boxed{499999500000} ¦ correct
            10000 ¦ \boxed{\frac{10000!}{9999!}} ¦ correct
            10000! ¦ \boxed{10000 \cdot 9999!} ¦ correct
            2^{10000} ¦ \boxed{4^{5000}} ¦ correct
            2^{20000} ¦ \boxed{16^{5000}} ¦ correct
            50005000 ¦ \boxed{\sum_{k=1}^{10000} k} ¦ correct
            \sum_{k=1}^{10000} \frac{1}{k(k+1)} ¦ \boxed{\frac{10000}{10001}} ¦ correct
            \prod_{k=2}^{10000}\left(1-\frac{1}{k^2}\right) ¦ \boxed{\frac{10001}{20000}} ¦ correct
            \sum_{k=1}^{2023} k\cdot k! ¦ \boxed{2024!-1} ¦ correct
            \sum_{k=0}^{2024} \binom{2024}{k} ¦ \boxed{2^{2024}} ¦ correct
            \sum_{k=0}^{100} 2^k ¦ \boxed{2^{101}-1} ¦ correct
            \sum_{k=1}^{10^9} k ¦ \boxed{500000000500000000} ¦ correct
            \sum_{k=1}^{1000000} k^2 ¦ \boxed{333333833333500000} ¦ correct
            \sum_{k=5}^{2024} (2k-1)^3/8 ¦ \boxed{\sum_{j=4}^{2023} \frac{(2j+1)^3}{8}} ¦ correct
            \sum_{k=1}^{10^9} k ¦ \boxed{500000000500000001} ¦ wrong
            \binom{10000}{2} ¦ \boxed{49995001} ¦ wrong
            10000! ¦ \boxed{9999!} ¦ wrong
            10000! ¦ \boxed{10000!+1} ¦ wrong
            2^{20000} ¦ \boxed{2^{20000}+1} ¦ wrong
            \prod_{k=2}^{10000}\left(1-\frac{1}{k^2}\right) ¦ \boxed{\frac{1}{2}} ¦ wrong
            \sum_{k=1}^{2023} k\cdot k! ¦ \boxed{2024!} ¦ wrong
            \sum_{k=1}^{10000} \frac{1}{k(k+1)} ¦ \boxed{1} ¦ wrong
            \sum_{k=1}^{10000} \frac{1}{k} ¦ \boxed{\sum_{k=1}^{9999} \frac{1}{k}} ¦ wrong
            """
        );

    [Fact]
    public void What_doubles_cannot_tell_apart_differs() =>
        Neighbors.Check(
            """
            1-\frac{1}{10000!} ¦ \boxed{1} ¦ wrong
            \frac{1}{10000!} ¦ \boxed{0} ¦ wrong
            \frac{1}{2024!} ¦ \boxed{\frac{1}{2025!}} ¦ wrong
            \left(\frac{2}{3}\right)^{20000} ¦ \boxed{0} ¦ wrong
            e^{-1000} ¦ \boxed{0} ¦ wrong
            e^{-1000} ¦ \boxed{e^{-1001}} ¦ wrong
            \sin 1 ¦ \boxed{\sin 1 + 10^{-20}} ¦ wrong
            \sin 1 ¦ \boxed{\sin 1 + 10^{-200}} ¦ wrong
            \sin 1 ¦ \boxed{\sin 1 + \frac{1}{1000!}} ¦ wrong
            \sin 1 \cdot 10^{-20} ¦ \boxed{0} ¦ wrong
            \sin 1 \cdot e^{-2000} ¦ \boxed{0} ¦ wrong
            \sin(1) e^{1000} ¦ \boxed{\sin(1) e^{1000}+1} ¦ wrong
            \sqrt{2+\sqrt3} ¦ \boxed{\sqrt{2+\sqrt3}+10^{-30}} ¦ wrong
            \sqrt{1+x^2} ¦ \boxed{\sqrt{1+x^2}+10^{-15}} ¦ wrong
            \sqrt{1+x^2} ¦ \boxed{\sqrt{1+x^2+10^{-25}}} ¦ wrong
            x+y=1 ¦ \boxed{x+y=1+10^{-12}} ¦ wrong
            y=\sin x ¦ \boxed{y=\sin x+10^{-18}} ¦ wrong
            \cos x ¦ \boxed{\cos(x+10^{-20})} ¦ wrong
            (0, 1) ¦ \boxed{(10^{-20}, 1)} ¦ wrong
            \frac{n}{10000!} ¦ \boxed{\frac{n}{9999!}} ¦ wrong
            \sin 1+\frac{1}{1000!} ¦ \boxed{\frac{1}{1000!}+\sin 1} ¦ correct
            \frac{10000!\,n}{9999!} ¦ \boxed{10000n} ¦ correct
            \sin^2 1+\cos^2 1 ¦ \boxed{1} ¦ correct
            \sqrt{2+\sqrt3} ¦ \boxed{\frac{\sqrt6+\sqrt2}{2}} ¦ correct
            \arctan\frac12+\arctan\frac13 ¦ \boxed{\frac{\pi}{4}} ¦ correct
            \cos\frac{\pi}{5} ¦ \boxed{\frac{1+\sqrt5}{4}} ¦ correct
            \cos 2x ¦ \boxed{2\cos^2 x-1} ¦ correct
            \sqrt{1+x^2} ¦ \boxed{\frac{1+x^2}{\sqrt{1+x^2}}} ¦ correct
            \sin(1) e^{-2000} ¦ \boxed{\frac{\sin 1}{e^{2000}}} ¦ correct
            n! ¦ \boxed{n(n-1)!} ¦ correct
            """
        );
}
