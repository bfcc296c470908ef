"""Given names common in Europe, the Americas, India and China: enough to see whose a credential is, no census.

Left out are names that are also words or products in a builder's credentials (`Will`, `Mark`, `Claude`, `Julia`).
"""

from typing import Final

_NAMES: Final = """
aaron abdelrahman abdul abdullah adam aditya adrian agnes agnieszka ahmed ahmet aisha akira alan albert alberto
alejandro aleksandr aleksandra alex alexander alexandra alexandre alexey alexis ali alice alicia amanda amelie amina
amir amit ana anastasia anders andras andre andrea andreas andreea andrei andres andrew andrzej andy angela anil anita
anja anke ankit ann anna anne annemarie annette annika antoine anton antonio antti aoife arjun arnaud arthur ashley
astrid aurelien axel ayse barbara barry bart bartosz beata beatrice beatriz ben bengt benjamin benoit bernard bernd
bertrand bettina bianca birgit bjorn bogdan bohumil boris brandon brian bruno burak camille carina carl carla carlos
carmen carol carolina caroline catherine cecile celine cesar charles charlotte chloe chris christian christina
christine christoph christophe christopher ciaran claire clara claudia colin cristian cristina damien daniel daniela
danny dario dariusz dave david debbie deborah deepak delphine denis dennis diana diego dieter dimitar dimitri dimitris
dirk dmitry dmytro dominik dominique donald dorota dorothea duncan edgar eduard eduardo edward ekaterina elena eleni
elif elisabeth elise eliska elizabeth ellen elodie emil emilia emilie emily emma emre enrico eoin eric erica erik
erika ernesto esteban esther eugene eva evelyn ewa fabian fabien fabio fabrice fatima fatma federico felipe felix
ferenc fernando filip finn fiona florian francesca francesco francisco franck francois frank franz fred frederic
frederik fredrik fritz gabor gabriel gabriela gary gemma geoffrey georg george georges georgi gerald gerard gerhard
gerhardt gheorghe gianluca gilles gillian giorgio giorgos giovanni giulia giulio gonzalo gordon greg gregory grzegorz
guadalupe gudrun guenter guido guillaume gunnar gustavo günter hakan hamish hana hannah hannes hans harald harish
harshil hartmut haruto hassan hector heidi heike heinz helen helena helene helmut henri henrik henry herbert hildegard
hiroshi hugo huseyin ian ignacio igor ines ingo ingrid ionut irene irina isabel isabelle istvan ivan iwona jacek jack
jacob jacques jakob jakub james jan jana janet jaroslav jason javier jean jeff jeffrey jennifer jenny jens jeremy
jerome jerry jerzy jesper jessica jim jiri joachim joan joanna joao joaquim joe joel joerg johan johanna johannes john
johnny jonas jonathan joost jordi jorge jose josef joseph joshua juan juergen jukka julian juliane julie julien jurgen
justin jörg jürgen kai kamil karen karim karin karl karolina karsten kasper katalin katarzyna katharina katherine
kathrin katja katrin kavita keith ken kenji kenneth kevin khalid kim kinga kirsten klaus konstantinos kristina
krzysztof kumar kurt lakshmi lars lasse laszlo laura laurence laurent layla lea leila lena lenka leo leon leonardo
lisa lorenzo louis louise lourdes luc luca lucas lucia lucie ludovic luigi luis luisa lukas lukasz lutz maarten maciej
magdalena magnus mahmoud malgorzata malte manoj manon manuel marc marcel marcin marco marcos marcus marek margaret
maria marie marieke marina mario marion marius marketa markus marlene marta martin martina mateus mateusz mathias
mathieu mathilde mathis matteo matthew matthias matthieu maurice mauro maxime mehmet melanie mette michael michal
michel michele michelle miguel mihai mikael mike mikkel mikko milan miquel miroslav mohamad mohamed mohammed monica
monika muhammad murat mustafa mykola nadia nadine natalia natalie natalya nathalie nathan neha nguyen niamh nicholas
nick nico nicola nicolas nicole niels nigel nik nikolai nikos nils nina norbert oksana olaf oleg oleksandr olena olga
oliver olivia olivier omar ondrej onur oscar otto pablo padraig pamela paola paolo patricia patrick paul paula pauline
pavel pawel pedro pekka peter petra philip philipp philippe pierre pieter pilar piotr pooja prakash priya przemyslaw
rachel rafael rafaela rahul rainer raj rajesh ralf ralph ramesh ramon raphael rasmus raul rebecca renate rene ricardo
riccardo richard rita robert roberto robin rocio rodrigo roger rohan rohit roland rolf roman ronald rosa rosalind
roxana ruben rudolf ryan sabine sabrina sakura salvatore sam samantha samuel sandeep sander sandra sandrine sanjay
sanna sara sarah sascha scott sean sebastian serge sergei sergey sergio serhiy sharon shreya siddharth silke silvia
simon simone sinead siobhan slawomir sneha sofia sonja sophia sophie soren stanislaw stefan stefania stefanie stefano
stephan stephane stephanie stephen steve steven stuart sunil suresh susan susanne sven svenja svetlana swati sylvie
tadeusz takashi tamara tanja tariq tatiana ted teresa tereza tetiana theo theresa thiago thibault thierry thomas
thorsten tim timo tina tobias tom tomas tomasz tony torben torsten trevor tuomas ulrich ulrike ursula uwe vaclav
valentina valerie vanessa vasilis vera veronica veronika veronique victor vijay vikram viktor vincent vincenzo
vinicius virginie vladimir volodymyr walter wei werner weronika wieslaw wilhelm willem william wojciech wolfgang
wouter xavier xiaoming yannick yasmin youssef yuki yulia yves yvonne zainab zbigniew zdenek zeynep zoe zofia zoltan
zsofia zuzanna
"""
GIVEN_NAMES: Final = frozenset(_NAMES.split())
